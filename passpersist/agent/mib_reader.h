// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_MIB_READER_H_
#define PASSPERSIST_AGENT_MIB_READER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent/computed_value_runner.h"
#include "passpersist/agent/error_reporter.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/subtree.h"
#include "passpersist/clock.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// Reads across the subtrees of an agent, for one connection. Returns only
// instances that can be sent: a value that the protocol cannot carry, a
// computed value that fails or is late, and an OID of more than 128 arcs are
// reported and skipped.
//
// A read that meets a computed value may have to wait for its function. It then
// returns kWaiting, and the caller repeats it with the same arguments when it
// is woken: see ComputedValueRunner::Asker. A request that has waited for a
// moment begins the calls of the computed values that follow, so that functions
// that hang cost a walk its budget once, not once for each.
//
// Next() remembers the positions of the last few walks. A walk that continues
// where it ended costs a step, not a search, and stays in the snapshot that it
// began with, so that it does not mix the rows of a table before and after an
// update. After kMaxWalk it continues in the newest snapshot; the old one is
// released when the next walk begins, or by ForgetOld().
//
// Used by one thread at a time. In steady state it allocates no memory.
class MibReader {
 public:
  static constexpr absl::Duration kMaxWalk = absl::Seconds(10);

  // What a read has come to.
  enum class Step { kFound, kAbsent, kWaiting };

  using Asker = ComputedValueRunner::Asker;

  // Returns OK if the binding can be sent.
  using BindingCheck = std::function<absl::Status(const Oid&, const Value&)>;

  // All pointers must outlive this.
  MibReader(const MibTree* objects, const Clock* clock, ErrorReporter* errors,
            ComputedValueRunner* computed_values, BindingCheck check);

  // Sets binding->value for the instance binding->oid: to noSuchObject if the
  // OID lies in no subtree, to noSuchInstance if the instance is absent.
  Step Get(ResponseVarBind* binding, Asker* asker);

  // Sets *binding to the first instance of `range`, and *info, if given;
  // *binding is unspecified if there is none.
  Step Next(const SearchRange& range, ResponseVarBind* binding, Asker* asker,
            InstanceInfo* info = nullptr);

  // Begins the call of the instance `oid` if its value is computed, for a later
  // Get() of the same request.
  void BeginGet(const Oid& oid, const Asker& asker);

  // Releases all snapshots: walks continue in the newest ones.
  void Forget();

  // Releases snapshots that are not the newest, except those of walks that
  // began less than kMaxWalk ago.
  void ForgetOld();

 private:
  // A snapshot of a subtree and a position in it.
  struct View {
    const Subtree* subtree = nullptr;
    std::shared_ptr<const Snapshot> snapshot;
    std::unique_ptr<Iterator> iterator;

    // Takes the newest snapshot of `wanted`; the position is lost if that is
    // another one.
    void Open(const Subtree& wanted);
  };

  struct Walk {
    Oid last;             // the last OID read: where the walk continues
    size_t position = 0;  // position in MibTree::subtrees()
    View view;
    absl::Duration begun;
    uint64_t used = 0;  // the value of uses_ at the last use
    // The iterator is at an entry after `last` whose value a request waits for.
    bool waiting = false;

    bool IsAt(const Oid& oid) const;
    // Moves to the first entry of the next subtree, if there is one.
    void EnterNext(const MibTree& objects);
  };

  Walk* FindWalk(const Oid& last, absl::Duration now);
  void EndOldWalks(absl::Duration now);
  Walk& BeginWalk(const SearchRange& range, absl::Duration now);
  Step Advance(Walk* walk, const SearchRange& range, ResponseVarBind* binding,
               Asker* asker);
  Step Resolve(size_t subtree, const StoredValue& stored,
               ResponseVarBind* binding, Asker* asker);
  // An iterator at the instance `oid` of the newest snapshot, or null.
  const Iterator* Find(size_t position, const Oid& oid);
  void BeginCallsAfter(const Walk& walk, const Asker& asker);
  void EndWalk(Walk* walk);

  const MibTree& objects_;
  const Clock& clock_;
  ErrorReporter& errors_;
  ComputedValueRunner& computed_values_;
  const BindingCheck check_;

  Oid suffix_;               // scratch
  std::vector<View> views_;  // for Get(), one for each subtree
  std::vector<Walk> walks_;
  uint64_t uses_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_MIB_READER_H_
