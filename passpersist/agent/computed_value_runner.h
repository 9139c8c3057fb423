// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_COMPUTED_VALUE_RUNNER_H_
#define PASSPERSIST_AGENT_COMPUTED_VALUE_RUNNER_H_

#include <cstddef>
#include <list>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/clock.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// Calls the functions of lazy values, and bounds the time that a request waits
// for one. A function can't be stopped from outside, so it runs on a thread
// that can be left alone with it:
//
//   a request's thread -- function --> an idle worker, or a new one
//           |
//           | waits for `limit`
//           |                      in time
//           | <-- value or error ----- +
//           |
//   DeadlineExceeded if it is late: the worker stays with it, and until it
//   returns the instance has no value, without anybody waiting again. What it
//   returns in the end is dropped: it is as old as the question.
//
// So a walk over dead sensors is slow once, by `limit` for each of at most
// kMaxLate of them; while so many are late there are no other lazy values
// either, for each holds a thread.
//
// Safe for concurrent use.
class ComputedValueRunner {
 public:
  static constexpr size_t kMaxLate = 16;

  // With an infinite limit functions are called by the thread that asks. The
  // clock must outlive this.
  ComputedValueRunner(Clock* clock, absl::Duration limit);

  // Waits for functions that are under way.
  ~ComputedValueRunner();

  ComputedValueRunner(const ComputedValueRunner&) = delete;
  ComputedValueRunner& operator=(const ComputedValueRunner&) = delete;

  // What the function of `lazy`, which is the value of the instance `oid`,
  // returns, an exception as an error. DeadlineExceeded if it takes too long,
  // or one for the same instance does already; ResourceExhausted if too many
  // others do, or there is no thread to call it on. Errors that are repeated
  // have the same text.
  absl::StatusOr<Value> Call(const Oid& oid, const ComputedValue& lazy);

 private:
  struct Worker;

  // The worker that calls the function from now on.
  absl::StatusOr<Worker*> Start(const Oid& oid, const ComputedValue& lazy)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Work(Worker* worker) ABSL_LOCKS_EXCLUDED(mutex_);

  Clock& clock_;
  const absl::Duration limit_;

  absl::Mutex mutex_;
  std::list<Worker> workers_ ABSL_GUARDED_BY(mutex_);
  std::vector<Worker*> idle_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_COMPUTED_VALUE_RUNNER_H_
