// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_REQUEST_HANDLER_H_
#define PASSPERSIST_AGENT_REQUEST_HANDLER_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "passpersist/agent/computed_value_runner.h"
#include "passpersist/agent/error_reporter.h"
#include "passpersist/agent/mib_reader.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/set_transaction.h"
#include "passpersist/clock.h"
#include "passpersist/pdu.h"

namespace passpersist::internal {

// Answers the requests of one connection from the subtrees and setters of an
// agent. Does not depend on a protocol: a codec decodes the request and encodes
// the response.
//
// Used by one thread at a time; the handlers of several connections may use the
// same objects concurrently.
class RequestHandler {
 public:
  // What the handlers of an agent share. All pointers must outlive them.
  struct Shared {
    const MibTree* objects;
    const Clock* clock;
    ErrorReporter* errors;
    ComputedValueRunner* computed_values;
  };

  // Answers only bindings that pass `check`.
  RequestHandler(const Shared& shared, MibReader::BindingCheck check);

  // Fills *response and reuses its memory. A CleanupSet has no response: it
  // leaves *response empty.
  void Handle(const Request& request, Response* response);

  // Releases all snapshots that walks keep, after the peer has been silent for
  // long. A walk that goes on continues in the newest snapshots.
  void ForgetWalks() { reader_.Forget(); }

  // Releases old snapshots that no recent walk needs: see MibReader.
  void ForgetOldSnapshots() { reader_.ForgetOld(); }

 private:
  // Session and transaction.
  using TransactionKey = std::pair<uint32_t, uint32_t>;

  void Do(const Get& get, Response* response);
  void Do(const GetNext& get_next, Response* response);
  void Do(const GetBulk& get_bulk, Response* response);
  void Do(const Dump& dump, Response* response);
  void Do(const Set& set, Response* response);
  void Do(const TestSet& test, TransactionKey key, Response* response);
  void Do(CommitSet, TransactionKey key, Response* response);
  void Do(UndoSet, TransactionKey key, Response* response);
  void Do(CleanupSet, TransactionKey key, Response* response);

  void ReadNext(const SearchRange& range, ResponseVarBind* binding);

  const MibTree& objects_;
  ErrorReporter& errors_;
  MibReader reader_;
  absl::flat_hash_map<TransactionKey, std::unique_ptr<SetTransaction>>
      transactions_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_REQUEST_HANDLER_H_
