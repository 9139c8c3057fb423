// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_TESTING_TASK_QUEUE_H_
#define PASSPERSIST_AGENT_TESTING_TASK_QUEUE_H_

#include <cstddef>
#include <deque>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/agent/calls/run_task.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

// Runs tasks at once, on the calling thread.
inline RunTask RunInline() {
  return [](absl::AnyInvocable<void()> task) {
    task();
    return true;
  };
}

// Keeps tasks until the test runs them: a function that hangs is a task that
// was not run.
//
// Safe for concurrent use.
class TaskQueue {
 public:
  // A RunTask for as long as this lives.
  RunTask AsRunTask() {
    return [this](absl::AnyInvocable<void()> task) {
      MutexLock lock(mutex_);
      if (full_) return false;
      tasks_.push_back(std::move(task));
      return true;
    };
  }

  size_t size() {
    MutexLock lock(mutex_);
    return tasks_.size();
  }

  // Waits until there are `size` tasks.
  void Await(size_t size) {
    const auto is_reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return tasks_.size() >= size;
    };
    MutexLock lock(mutex_, absl::Condition(&is_reached));
  }

  // Runs the task that was added first, or the one at `position`.
  void RunOne(size_t position = 0) {
    absl::AnyInvocable<void()> task;
    {
      MutexLock lock(mutex_);
      task = std::move(tasks_.at(position));
      tasks_.erase(tasks_.begin() + static_cast<std::ptrdiff_t>(position));
    }
    task();
  }

  // Runs the task that was added first, if there is one. Returns false if there
  // is none. Other threads may run tasks meanwhile.
  bool TryRunOne() {
    absl::AnyInvocable<void()> task;
    {
      MutexLock lock(mutex_);
      if (tasks_.empty()) return false;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
    return true;
  }

  void RunAll() {
    while (TryRunOne()) {
    }
  }

  // While it is set, no task is accepted.
  void set_full(bool full) {
    MutexLock lock(mutex_);
    full_ = full;
  }

 private:
  absl::Mutex mutex_;
  std::deque<absl::AnyInvocable<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool full_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_TESTING_TASK_QUEUE_H_
