// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_REQUEST_HANDLER_H_
#define PASSPERSIST_AGENT_REQUEST_HANDLER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/reading/mib_reader.h"
#include "passpersist/agent/sets/set_transaction.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduling/clock.h"

namespace passpersist::internal {

// A request from its decoding to the encoding of its response. The memory is
// used again for the next request.
struct PendingRequest {
  Request request;
  Response response;

  // read.asker tells how long it may wait.
  MibReader::Request read;

  // Of a read: how many bindings of the response are final.
  size_t answered = 0;
  // Of a Set.
  std::shared_ptr<SetTransaction> set;
};

// Answers the requests of one connection from the subtrees and setters of an
// agent. Does not depend on a protocol: a codec decodes the request and encodes
// the response.
//
// A request that meets user code which has not returned waits. The thread does
// not: it calls Advance() again when the request's waker is woken, after a
// moment (ComputedValueRunner::kMoment), and at the request's deadlines.
//
// Used by one thread at a time; the handlers of several connections may use the
// same objects concurrently.
class RequestHandler {
 public:
  // What the handlers of an agent share. It and all pointers must outlive them.
  struct Shared {
    const MibTree* objects;
    Clock* clock;
    ErrorReporter* errors;
    ComputedValueRunner* computed_values;
    SetTransaction::Shared sets;
    // How long requests wait for user code.
    absl::Duration waiting_limit;
    MibReader::Options reading;
    MibReader::AwaitUpdate await_update = nullptr;
  };

  // Answers only bindings that pass `check`. `request_is_pdu` is that of the
  // codec.
  RequestHandler(const Shared* shared, MibReader::BindingCheck check,
                 bool request_is_pdu);
  RequestHandler(const RequestHandler&) = delete;
  RequestHandler& operator=(const RequestHandler&) = delete;
  ~RequestHandler();

  enum class Progress { kDone, kWaiting };

  // Prepares a request that was decoded and whose asker is set.
  void Begin(PendingRequest* pending);

  // Goes on with a request. After kDone the response is whole; that of a
  // CleanupSet is empty. After both deadlines of pending->read.asker it returns
  // kDone.
  Progress Advance(PendingRequest* pending);

  // The response to the last request was encoded at `now`.
  void OnAnswer(Nanoseconds now) { reader_.OnAnswer(now); }

  // Ends a request that waits, without a response: the connection has ended.
  void Abandon(PendingRequest* pending);

  // Releases all snapshots that walks keep, after the peer has been silent for
  // long. A walk that goes on continues in the newest snapshots.
  void ForgetWalks() { reader_.Forget(); }

  // Releases old snapshots that no recent walk needs: see MibReader.
  void ForgetOldSnapshots() { reader_.ForgetOld(shared_.clock->Now()); }

 private:
  // Session and transaction.
  using TransactionKey = std::pair<uint32_t, uint32_t>;

  Progress Do(const Get& get, PendingRequest* pending);
  Progress Do(const GetNext& get_next, PendingRequest* pending);
  Progress Do(const GetBulk& get_bulk, PendingRequest* pending);
  Progress Do(const Dump& dump, PendingRequest* pending);
  Progress Do(const Set& set, PendingRequest* pending);
  Progress Do(const TestSet& test, PendingRequest* pending);
  Progress Do(CommitSet, PendingRequest* pending);
  Progress Do(UndoSet, PendingRequest* pending);
  Progress Do(CleanupSet, PendingRequest* pending);

  // True if the reads begin again, since they may have seen half of a set.
  bool Repeats(PendingRequest* pending);

  static TransactionKey KeyOf(const Request& request) {
    return {request.session, request.transaction};
  }
  void EndTransaction(TransactionKey key);
  Progress Answer(const SetTransaction::Result& result,
                  PendingRequest* pending);
  // What the connection reads next is not older than the set.
  void OnSet(const SetTransaction& set);

  Progress ReadNext(const SearchRange& range, ResponseVarBind* binding,
                    PendingRequest* pending);

  const Shared& shared_;
  const bool request_is_pdu_;
  MibReader reader_;
  absl::flat_hash_map<TransactionKey, std::shared_ptr<SetTransaction>>
      transactions_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_REQUEST_HANDLER_H_
