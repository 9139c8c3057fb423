// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_SETS_SET_TRANSACTION_H_
#define PASSPERSIST_AGENT_SETS_SET_TRANSACTION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/calls/run_task.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/agent/sets/setter_locks.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/stored_value.h"

namespace passpersist::internal {

// The assignments of one SNMP SET, which go through the phases of RFC 2741
// section 7.2.4 on other threads:
//
//   Test --> Commit --> CleanUp            Set = Test, Commit and, after an
//     |         `-----> Undo                     error of Commit, Undo
//     `--> (an error) CleanUp
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
  };

  SetTransaction(const Shared* shared, absl::Span<const VarBind> bindings);

  SetTransaction(const SetTransaction&) = delete;
  SetTransaction& operator=(const SetTransaction&) = delete;

  absl::Span<const VarBind> bindings() const { return bindings_; }

  // Tests all bindings. A binding is rejected with wrongType if the current
  // value has another type. That also rejects what snmpd sends for an object of
  // type Counter64 or Opaque, which is the text of the previous set (net-snmp
  // 5.9.3 agent/mibgroup/ucd-snmp/pass_common.c,
  // netsnmp_internal_pass_set_format()).
  std::optional<Result> Test(const Asker& asker) {
    return Advance(Phase::kTest, asker);
  }

  // Commits all assignments in order and publishes the new values. Stops at the
  // first assignment that fails, and does not undo it. If a value cannot be
  // published, undoes its assignment at once and returns commitFailed, or
  // undoFailed if the undo fails.
  std::optional<Result> Commit(const Asker& asker) {
    return Advance(Phase::kCommit, asker);
  }

  // Undoes the committed assignments, the last one first. While a commit that
  // was late still runs, returns undoFailed at once; the assignments are undone
  // when the commit returns.
  std::optional<Result> Undo(const Asker& asker) {
    return Advance(Phase::kUndo, asker);
  }

  // After a successful undo, the result is the error of the commit, which is
  // more specific. If a change remains, the result is undoFailed.
  std::optional<Result> Set(const Asker& asker) {
    return Advance(Phase::kSet, asker);
  }

  // Destroys the assignments, as soon as no function of their setters runs.
  // Called once, after all other functions.
  void CleanUp();

 private:
  enum class Phase { kNone, kTest, kCommit, kUndo, kSet };

  struct Step {
    Subtree* subtree;
    VarBind binding;
    std::optional<StoredValue> before;  // nothing if the instance was absent
    std::unique_ptr<Assignment> assignment;
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

  ErrorStatus TestOne(const VarBind& binding);
  ErrorStatus CommitOne(Step* step);
  bool UndoOne(Step* step);
  bool UndoAssignment(Step* step);
  // Calls a function of a setter and reports an error that is not an
  // ErrorStatus.
  ErrorStatus CallSetter(const VarBind& binding,
                         absl::FunctionRef<SetResult()> function);
  absl::Status Publish(const Step& step) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status Write(const Step& step, const std::optional<StoredValue>& value);
  void Report(const VarBind& binding, const absl::Status& error);

  const Shared& shared_;
  const std::vector<VarBind> bindings_;
  const std::vector<Setter*> setters_;  // those of the bindings that have one

  // Used by the phase that runs, and between phases.
  std::vector<Step> steps_;
  size_t committed_ = 0;  // how many steps, from the first one, are committed

  absl::Mutex mutex_;
  Phase running_ ABSL_GUARDED_BY(mutex_) = Phase::kNone;
  std::shared_ptr<Waker> waker_ ABSL_GUARDED_BY(mutex_);
  std::optional<Result> result_ ABSL_GUARDED_BY(mutex_);
  // An assignment was or is being committed.
  bool changes_ ABSL_GUARDED_BY(mutex_) = false;
  // Nobody waits for the phase that runs. What happens when it returns:
  bool late_ ABSL_GUARDED_BY(mutex_) = false;
  bool undo_ ABSL_GUARDED_BY(mutex_) = false;
  bool clean_up_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_SETS_SET_TRANSACTION_H_
