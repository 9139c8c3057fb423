// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_REQUEST_HANDLER_H_
#define PASSPERSIST_AGENT_REQUEST_HANDLER_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "passpersist/agent/agent_monitor.h"
#include "passpersist/agent/computed_value_runner.h"
#include "passpersist/agent/mib_reader.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/set_transaction.h"
#include "passpersist/agent/wait_room.h"
#include "passpersist/agent/watch_queue.h"
#include "passpersist/clock.h"
#include "passpersist/error_report.h"
#include "passpersist/pdu.h"

namespace passpersist {

// Answers the requests of one connection from the subtrees and setters of an
// agent. Knows no protocol: a codec made the request and encodes the response.
//
// Used by one thread at a time; handlers of several connections may work on the
// same objects at once.
class RequestHandler {
 public:
  // What the handlers of an agent share; it must outlive them.
  struct Shared {
    const internal::MibTree* objects;
    const Clock* clock;
    ErrorReporter* errors;
    internal::ComputedValueRunner* lazies;
    // Without one a request that needs it is answered genErr.
    internal::AgentMonitor* inspector = nullptr;
  };

  // Only bindings that pass `check` are answered. What is to be waited for is
  // waited for until the peer has gone.
  RequestHandler(const Shared& shared, internal::MibReader::BindingCheck check,
                 internal::HasGone peer_has_gone = nullptr);

  // Fills *response, using the memory that it has. A CleanupSet has no
  // response: it is left empty.
  void Handle(const Request& request, Response* response);

  // Lets go of the snapshots that walks keep: the peer has been silent for
  // long, and a walk that it goes on with goes on in the newest ones.
  void ForgetWalks() { reader_.Forget(); }

  // Lets go of those that no walk needs any more: newer ones are there.
  void ForgetOldSnapshots() { reader_.ForgetOld(); }

 private:
  // Session and transaction.
  using TransactionKey = std::pair<uint32_t, uint32_t>;

  void Do(const Get& get, bool origins, Response* response);
  void Do(const GetNext& get_next, bool origins, Response* response);
  void Do(const GetBulk& get_bulk, bool origins, Response* response);
  void Do(const Dump& dump, Response* response);
  void Do(Describe, Response* response);
  void Do(GetStatistics, Response* response);
  void Do(const Watch& watch, Response* response);
  void Do(const RunUpdate& run_update, Response* response);
  void Do(const Set& set, Response* response);
  void Do(const TestSet& test, TransactionKey key, Response* response);
  void Do(CommitSet, TransactionKey key, Response* response);
  void Do(UndoSet, TransactionKey key, Response* response);
  void Do(CleanupSet, TransactionKey key, Response* response);

  void ReadNext(const SearchRange& range, VarBind* binding,
                InstanceInfo* origin);
  void FillAges(Response* response) const;

  const internal::MibTree& objects_;
  ErrorReporter& errors_;
  internal::AgentMonitor* const inspector_;
  const internal::HasGone peer_has_gone_;
  internal::MibReader reader_;
  absl::flat_hash_map<TransactionKey, std::unique_ptr<internal::SetTransaction>>
      transactions_;
  std::unique_ptr<internal::WatchQueue> watch_;  // from the first Watch on
};

}  // namespace passpersist

#endif  // PASSPERSIST_AGENT_REQUEST_HANDLER_H_
