// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_CALLS_COMPUTED_VALUE_RUNNER_H_
#define PASSPERSIST_AGENT_CALLS_COMPUTED_VALUE_RUNNER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/node_hash_map.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/agent/calls/run_task.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/base/nanoseconds.h"
#include "passpersist/oid.h"
#include "passpersist/scheduling/clock.h"
#include "passpersist/stored_value.h"

namespace passpersist::internal {

// Calls the functions of computed values that may block on other threads, and
// keeps what they return. A function cannot be interrupted, so a request that
// has waited long enough leaves it running:
//
//   Ask()  --> not running: a call begins   --> the request waits
//          --> running, in time             --> the request waits
//          --> running, late                --> the kept answer, or an error
//          --> the last call was late       --> the same, and a call begins
//
// A call is late when it takes Limits::late or longer. What a late call
// returns is kept, and so is what a call returns after its request has ended.
//
// An instance is identified by its OID, not by its function: an update that
// replaces the function by an equal one changes nothing.
//
// Safe for concurrent use.
class ComputedValueRunner {
 public:
  struct Limits {
    absl::Duration late = absl::Milliseconds(500);
    // The age up to which a kept answer is served.
    absl::Duration kept_answer = absl::Seconds(30);
    // While so many calls of a subtree are late, functions whose last call was
    // late are not called, and of the other functions a few at a time.
    size_t late_calls = 64;
  };

  // A request that has waited for so long begins other calls beside.
  static constexpr Nanoseconds kMoment = Nanoseconds::Milliseconds(20);

  static constexpr size_t kMaxInexact = 1'000;

  // A request that asks for values. Times are those of the clock.
  struct Asker {
    Nanoseconds now;
    // Until then the request may wait for a call,
    Nanoseconds deadline;
    // and until then for a call that began less than a moment ago.
    Nanoseconds grace_deadline;
    // Woken when a call that the request waits for returns.
    std::shared_ptr<Waker> waker;
    // When the request began to wait; infinite before.
    Nanoseconds wait_begun = Nanoseconds::Infinite();
    // The number of the first answer that is new enough; set by the first
    // Ask() of the request. So a request calls a function once.
    uint64_t first_answer = 0;

    // When a request that waits asks again though it is not woken.
    Nanoseconds NextAsk() const;
  };

  // The clock must outlive this, and this must outlive the tasks.
  ComputedValueRunner(const Clock* clock, Limits limits, RunTask run_task);

  ComputedValueRunner(const ComputedValueRunner&) = delete;
  ComputedValueRunner& operator=(const ComputedValueRunner&) = delete;

  // Returns what the function of `computed` returns; `computed` is the value of
  // the instance `oid` in the subtree with this number. Returns std::nullopt if
  // the request has to wait: it asks again when it is woken. Otherwise an
  // exception is an error; DeadlineExceeded means that the function is late and
  // no answer is kept, ResourceExhausted that it cannot be called now. Repeated
  // errors have the same text.
  std::optional<ComputedValue::Result> Ask(size_t subtree, const Oid& oid,
                                           const ComputedValue& computed,
                                           Asker* asker);

  // Begins a call for a request to come. False if that is not necessary, since
  // a call is running or has just returned, or not possible.
  bool Begin(size_t subtree, const Oid& oid, const ComputedValue& computed,
             Nanoseconds now);

  // True if the value of `oid` is inexact, and was exact or was not asked for
  // before: the caller reports it. Remembers kMaxInexact instances, so that
  // none is reported twice, and ignores others.
  bool BecomesInexact(const Oid& oid, bool is_inexact)
      ABSL_LOCKS_EXCLUDED(inexact_mutex_);

  // A set has changed the instance: what a call that has begun before returns
  // is not served.
  void Discard(const Oid& oid);

 private:
  // The calls of the function of one instance.
  struct Function {
    size_t subtree = 0;
    Nanoseconds begun;  // the last call
    bool running = false;
    bool discarded = false;  // what the running call will return
    bool was_late = false;   // the last call that has returned
    std::vector<std::shared_ptr<Waker>> waiting;

    std::optional<ComputedValue::Result> answer;  // of the last call
    Nanoseconds answered;
    uint64_t number = 0;  // of the answer
    bool is_new = false;  // the answer has not been served
  };

  Function& Find(size_t subtree, const Oid& oid)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsLate(const Function& function, Nanoseconds now) const {
    return function.running && now - function.begun >= limits_.late;
  }
  bool CanCall(const Function& function, Nanoseconds now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The answer of a call that has begun, or std::nullopt after adding the
  // request to those that wait for it.
  std::optional<ComputedValue::Result> AnswerOrWait(Function* function,
                                                    Asker* asker)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The kept answer if it is young enough, otherwise `error`.
  ComputedValue::Result Kept(const Function& function, Nanoseconds now,
                             const absl::Status& error) const;
  // Begins a call. Must have been marked as running.
  absl::Status Call(const Oid& oid, const ComputedValue& computed)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void OnReturn(const Oid& oid, ComputedValue::Result answer)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void ForgetOldAnswers(Nanoseconds now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  const Limits limits_;
  const RunTask run_task_;

  absl::Mutex mutex_;
  // The functions that run, or whose answer is kept. A function that runs is
  // not erased.
  absl::node_hash_map<Oid, Function> functions_ ABSL_GUARDED_BY(mutex_);
  std::vector<const Function*> running_ ABSL_GUARDED_BY(mutex_);
  uint64_t answers_ ABSL_GUARDED_BY(mutex_) = 0;
  Nanoseconds next_forget_ ABSL_GUARDED_BY(mutex_);

  absl::Mutex inexact_mutex_;
  absl::flat_hash_set<Oid> inexact_ ABSL_GUARDED_BY(inexact_mutex_);
  // Without such an instance, an exact one costs no lock.
  std::atomic<bool> any_inexact_ = false;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_CALLS_COMPUTED_VALUE_RUNNER_H_
