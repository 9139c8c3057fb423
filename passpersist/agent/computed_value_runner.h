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

// Calls the functions of computed values, and bounds the time that a request
// waits for a function. A function cannot be interrupted, so it runs on a
// worker thread that a request can abandon:
//
//   a request's thread -- function --> an idle worker, or a new one
//           |
//           | waits for `limit`
//           |                      in time
//           | <-- value or error ----- +
//           |
//   DeadlineExceeded if the function is late: the worker stays with it. Until
//   the function returns, the instance has no value and no request waits for
//   it again. Its late result is dropped: it is as old as the request.
//
// So a walk over dead sensors is slow once, by `limit` for each of at most
// kMaxLate sensors. While so many functions are late, no computed value is
// available, because each late function holds a thread.
//
// Safe for concurrent use.
class ComputedValueRunner {
 public:
  static constexpr size_t kMaxLate = 16;

  // With an infinite limit, functions are called on the thread that calls
  // Call(). The clock must outlive this.
  ComputedValueRunner(Clock* clock, absl::Duration limit);

  // Waits for functions that are running.
  ~ComputedValueRunner();

  ComputedValueRunner(const ComputedValueRunner&) = delete;
  ComputedValueRunner& operator=(const ComputedValueRunner&) = delete;

  // Returns what the function of `computed` returns; `computed` is the value of
  // the instance `oid`. An exception becomes an error. DeadlineExceeded if the
  // function takes longer than the limit, or if a function for the same
  // instance is late already; ResourceExhausted if kMaxLate other functions are
  // late, or if there is no thread to call it on. Repeated errors have the same
  // text.
  absl::StatusOr<Value> Call(const Oid& oid, const ComputedValue& computed);

 private:
  struct Worker;

  // Hands the function to a worker, idle or new, and returns the worker.
  absl::StatusOr<Worker*> Start(const Oid& oid, const ComputedValue& computed)
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
