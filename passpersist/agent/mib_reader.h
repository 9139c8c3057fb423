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
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/subtree.h"
#include "passpersist/clock.h"
#include "passpersist/error_report.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// Reads across the subtrees of an agent, for one connection. It answers what
// can be sent and nothing else: a value that a protocol can't carry, a lazy
// value that fails or is late, a name of more than 128 arcs is reported and
// passed over.
//
// Next() remembers where the last few walks are. One that goes on where it
// ended costs a step, not a search, and stays in the snapshot that it began
// with: a table that is replaced meanwhile doesn't get mixed up. After kMaxWalk
// it goes on in the newest one; the old one is let go when the next walk
// begins, or by ForgetOld().
//
// Used by one thread at a time. In steady state it takes no memory.
class MibReader {
 public:
  static constexpr absl::Duration kMaxWalk = absl::Seconds(10);

  // OK if a binding can be sent.
  using BindingCheck = std::function<absl::Status(const VarBind&)>;

  // All pointers must outlive this.
  MibReader(const MibTree* objects, const Clock* clock, ErrorReporter* errors,
            ComputedValueRunner* lazies, BindingCheck check);

  // Sets binding->value for the instance binding->oid: to noSuchObject if that
  // lies in no subtree, to noSuchInstance if it is absent. Sets *origin, if
  // given, but for its age; to nothing if there is no value.
  void Get(VarBind* binding, InstanceInfo* origin = nullptr);

  // Sets *binding to the first instance of `range`, and *origin, if given,
  // but for its age. False if there is none; *binding is unspecified then.
  bool Next(const SearchRange& range, VarBind* binding,
            InstanceInfo* origin = nullptr);

  // Lets go of all snapshots: walks go on in the newest ones.
  void Forget();

  // Lets go of snapshots that are not the newest, but for those of walks that
  // began less than kMaxWalk ago.
  void ForgetOld();

 private:
  // A snapshot of a subtree and a position in it.
  struct View {
    const Subtree* subtree = nullptr;
    std::shared_ptr<const Snapshot> snapshot;
    std::unique_ptr<Iterator> iterator;

    // Takes the newest snapshot; the position is lost.
    void Open(const Subtree& wanted);
  };

  struct Walk {
    Oid last;          // what was looked at last: where the walk goes on
    size_t place = 0;  // of the subtree
    View view;
    absl::Duration begun;
    uint64_t used = 0;  // the higher, the later

    bool IsAt(const Oid& oid) const;
    // To the first entry of the next subtree, if there is one.
    void EnterNext(const MibTree& objects);
  };

  Walk* FindWalk(const Oid& last, absl::Duration now);
  void EndOldWalks(absl::Duration now);
  Walk& BeginWalk(const SearchRange& range, absl::Duration now);
  bool Advance(Walk* walk, const SearchRange& range, VarBind* binding);
  bool Resolve(const StoredValue& slot, VarBind* binding);
  static void Trace(const View& view, InstanceInfo* origin);
  void EndWalk(Walk* walk);

  const MibTree& objects_;
  const Clock& clock_;
  ErrorReporter& errors_;
  ComputedValueRunner& lazies_;
  const BindingCheck check_;

  Oid suffix_;               // scratch
  std::vector<View> views_;  // for Get(), one for each subtree
  std::vector<Walk> walks_;
  uint64_t uses_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_MIB_READER_H_
