// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_SETS_SET_TRANSACTION_H_
#define PASSPERSIST_AGENT_SETS_SET_TRANSACTION_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/calls/run_task.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/sets/set_changes.h"
#include "passpersist/agent/sets/setter_locks.h"
#include "passpersist/base/nanoseconds.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"

namespace passpersist::internal {

// The assignments of one SNMP SET, which go through the phases of RFC 2741
// section 7.2.4 on other threads:
//
//   Test --> Commit --> CleanUp            Set = Test, Commit and, after an
//     |         `-----> Undo                     error of Commit, Undo
//     `--> (an error) CleanUp
//
// Each setter makes one assignment for all of its bindings. What the
// assignments have left is published in one step, when the last one is
// committed; a commit that fails publishes nothing, unless an assignment cannot
// be undone.
//
// A function that begins a phase returns its result, or std::nullopt if the
// request has to wait: the caller calls it again when asker.waker is woken, and
// at asker.deadline. At the deadline it returns what the manager gets, while
// the function of the setter still runs:
//
//   Test    resourceUnavailable; nothing is committed
//   Commit  undoFailed; what the running assignment has done is served when it
//           returns, and no further assignment is committed
//   Undo    undoFailed
//
// The setters of the transaction are held while a phase runs (see SetterLocks).
// A set that finds one of them in use waits for it, or is refused at once if it
// is late.
//
// The functions are called by one thread at a time, one phase after the other.
// Tasks keep the transaction alive.
class SetTransaction : public std::enable_shared_from_this<SetTransaction> {
 public:
  using Asker = ComputedValueRunner::Asker;

  struct Result {
    ErrorStatus error = ErrorStatus::kNoError;
    uint16_t index = 0;  // of the binding, counted from 1
  };

  // What the transactions of an agent share. All outlive them.
  struct Shared {
    const MibTree* objects;
    ErrorReporter* errors;
    ComputedValueRunner* computed_values;
    SetterLocks* setter_locks;
    RunTask run_task;
    // Requests a run of the update of the subtree with this root, if it has an
    // update. Does not wait for the run.
    std::function<void(const Oid&)> start_update;
  };

  SetTransaction(const Shared* shared, absl::Span<const VarBind> bindings);

  SetTransaction(const SetTransaction&) = delete;
  SetTransaction& operator=(const SetTransaction&) = delete;

  absl::Span<const VarBind> bindings() const { return bindings_; }

  // The roots of the subtrees that the set has changed so far.
  std::vector<Oid> changed_roots() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Tests all bindings. A binding is rejected with wrongType if the current
  // value has another type. That also rejects what snmpd sends for an object of
  // type Counter64 or Opaque, which is the text of the previous set (net-snmp
  // 5.9.3 agent/mibgroup/ucd-snmp/pass_common.c,
  // netsnmp_internal_pass_set_format()). In a subtree that has expired, an
  // instance is absent for a set, too.
  std::optional<Result> Test(const Asker& asker) {
    return Advance(Phase::kTest, asker);
  }

  // Commits all assignments in the order of their first bindings, and publishes
  // what they have left. Stops at the first assignment that fails. If the
  // outcome cannot be published, returns commitFailed.
  std::optional<Result> Commit(const Asker& asker) {
    return Advance(Phase::kCommit, asker);
  }

  // Undoes the committed assignments, the last one first, and takes back what
  // they have left; what an assignment that cannot be undone has left stays or
  // is published. While a commit that was late still runs, returns undoFailed
  // at once; the assignments are undone when the commit returns.
  std::optional<Result> Undo(const Asker& asker) {
    return Advance(Phase::kUndo, asker);
  }

  // After a successful undo, the result is the error of the commit, which is
  // more specific. If a change remains, the result is undoFailed.
  std::optional<Result> Set(const Asker& asker) {
    return Advance(Phase::kSet, asker);
  }

  // Destroys the assignments, as soon as no function of their setters runs, and
  // publishes what those that are committed have left. Called once, after all
  // other functions.
  void CleanUp();

 private:
  enum class Phase { kNone, kTest, kCommit, kUndo, kSet };

  // A setter, its bindings and its assignment.
  struct Step {
    const Oid* root;
    Setter* setter;
    std::vector<uint16_t> indexes;  // of the bindings in the set, from 1
    std::vector<SetBinding> bindings;
    std::unique_ptr<Assignment> assignment;
    bool then_update = false;
  };

  std::optional<Result> Advance(Phase phase, const Asker& asker);
  // Begins the phase on another thread. False if there is none.
  bool Start(Phase phase, const Asker& asker) ABSL_LOCKS_EXCLUDED(mutex_);

  // On the other thread:
  void Run(Phase phase);
  Result RunPhase(Phase phase);
  // False if there is something to undo first.
  bool EndPhase(const Result& result) ABSL_LOCKS_EXCLUDED(mutex_);
  // Allows the next call of a setter, which changes something or not. False if
  // nobody waits for it.
  bool MayCall(bool changes) ABSL_LOCKS_EXCLUDED(mutex_);
  Result TestAll();
  Result CommitAll();
  Result UndoAll();

  // Adds the binding to the step of its setter, if the setter may be asked.
  ErrorStatus AddBinding(uint16_t index);
  Result TestOne(Step* step);
  Result CommitOne(Step* step);
  // Publishes the outcome of the committed steps; nothing if the transaction is
  // to be undone.
  Result Publish() ABSL_LOCKS_EXCLUDED(mutex_);
  // Takes back what was published of the steps that were undone, or publishes
  // what could not be undone.
  absl::Status PublishUndo() ABSL_LOCKS_EXCLUDED(mutex_);
  // Publishes what nobody has undone, and destroys the assignments.
  void Finish();
  // What computed values have returned before is not served.
  void DiscardAnswers();
  void StartUpdates();

  // The result of a step: reports an error that is not an ErrorStatus.
  Result ResultOf(const Step& step, const SetResult& result, size_t binding);
  // Omits values, which may be passwords: reports go to logs.
  void Report(const Step& step, size_t binding, const absl::Status& error);

  const Shared& shared_;
  const std::vector<VarBind> bindings_;
  const std::vector<Setter*> setters_;  // those of the bindings that have one

  // Used by the phase that runs, and between phases.
  Nanoseconds begun_;  // the phase
  std::vector<Step> steps_;
  size_t committed_ = 0;  // how many steps, from the first one, are committed
  SetChanges changes_;    // that they have left
  bool published_ = false;

  mutable absl::Mutex mutex_;
  Phase running_ ABSL_GUARDED_BY(mutex_) = Phase::kNone;
  std::shared_ptr<Waker> waker_ ABSL_GUARDED_BY(mutex_);
  std::optional<Result> result_ ABSL_GUARDED_BY(mutex_);
  // An assignment was or is being committed.
  bool may_have_changed_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Oid> changed_roots_ ABSL_GUARDED_BY(mutex_);
  // Nobody waits for the phase that runs. What happens when it returns:
  bool late_ ABSL_GUARDED_BY(mutex_) = false;
  bool undo_ ABSL_GUARDED_BY(mutex_) = false;
  // The phase that runs calls no function any more.
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  bool clean_up_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_SETS_SET_TRANSACTION_H_
