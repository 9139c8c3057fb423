// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_THREAD_SCHEDULER_H_
#define PASSPERSIST_THREAD_SCHEDULER_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/clock.h"
#include "passpersist/error_callback.h"
#include "passpersist/scheduler.h"

namespace passpersist {

struct ThreadSchedulerOptions {
  // How many tasks of a kind run at a time, at least 1. A periodic task waits
  // while max_update_threads others run.
  size_t max_update_threads = 64;
  size_t max_computed_value_threads = 256;
  size_t max_setter_threads = 64;

  // How long a thread without a task waits for a task before it ends.
  absl::Duration idle_thread_lifetime = absl::Seconds(10);
};

// Runs tasks on a pool of threads. The number of threads depends on the tasks
// that run at the same time, and not on the number of periodic tasks: between
// their runs, one thread waits for all of them.
//
// A task of Run() begins at once. Of the periodic tasks that are due, four
// begin at once, and each of them that ends, or has run for 250 us, lets the
// next one begin. So a thousand quick tasks that are due together need about
// five threads, and the same tasks with 50 hanging ones among them still begin
// within some 60 ms.
//
// Reports to OnError(), each at most once an hour,
//
//   a thread could not be started: tasks then share the existing threads;
//   Run() returns false
//   periodic tasks have waited for over a second, because max_update_threads
//   tasks are running
class ThreadScheduler : public Scheduler {
 public:
  // The default clock is a MonotonicClock.
  explicit ThreadScheduler(ThreadSchedulerOptions options = {});
  explicit ThreadScheduler(std::shared_ptr<Clock> clock,
                           ThreadSchedulerOptions options = {});

  // Calls Stop().
  ~ThreadScheduler() override;

  void OnError(ErrorCallback callback) override;

  // Returns null if this scheduler has no thread and none can be started. May
  // be called after Stop(): then the task does not run, and the trigger does
  // nothing.
  Trigger Every(absl::Duration period, Task task) override;
  bool Run(TaskKind kind, Task task) override;
  void Stop() override;

  // For tests with a simulated clock: waits until at most `running` tasks are
  // running, and no other one can begin before the clock advances.
  void AwaitIdle(size_t running = 0);

 private:
  static constexpr size_t kTaskKinds = 3;

  // The periodic tasks that are not running, by the time at which they are due.
  // Tasks that are due together are in the order in which they were added.
  struct Job;
  using Queue = std::multimap<absl::Duration, Job*>;

  // A periodic task. mutex_ guards all members but `task`.
  struct Job {
    Task task;
    absl::Duration period;
    absl::Duration next;  // the first multiple of the period not yet begun
    bool running = false;
    bool triggered = false;    // during a run
    Queue::iterator position;  // unless it is running
  };

  // A thread. `wake` ends its wait; mutex_ guards the other members.
  struct Worker {
    std::thread thread;
    std::atomic<bool> wake = false;
    Task task;  // of Run(), not begun; or null
    TaskKind kind = TaskKind::kUpdate;
  };

  static size_t Index(TaskKind kind) { return static_cast<size_t>(kind); }

  // True if as many tasks of this kind are running as may run.
  bool IsFull(TaskKind kind) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return running_[Index(kind)] >= max_running_[Index(kind)];
  }

  // The loop of a thread.
  void Work(Worker* self);
  void RunTask(Worker* self) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Runs the periodic task that is due first.
  void RunJob(Worker* self, absl::Duration now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // False if the thread has been idle for its lifetime.
  bool WaitForTask(Worker* self, absl::Duration now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void WaitUntil(absl::Duration deadline, Worker* self)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Wake(Worker* worker) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void RunNow(Job* job);
  void AddToQueue(absl::Duration due, Job* job)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsDue(absl::Duration now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // True if a periodic task is due and the limits let it begin.
  bool CanBegin(absl::Duration now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // When the leader has something to do, if nothing else changes.
  absl::Duration NextEvent(absl::Duration now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Takes an idle thread, else starts one. Returns null, and sets *error, if no
  // thread can be started.
  Worker* TakeWorker(absl::Status* error) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EnsureLeader(absl::Status* error) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  void TrackBacklog(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // When the backlog, if it lasts, is reported.
  absl::Duration NextBacklogReport() const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Unlocks mutex_ meanwhile.
  void ReportBacklog(absl::Duration now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Does nothing if `error` is OK.
  void ReportShortage(const absl::Status& error) ABSL_LOCKS_EXCLUDED(mutex_);
  void Report(const absl::Status& error) ABSL_LOCKS_EXCLUDED(mutex_);

  const std::shared_ptr<Clock> clock_;
  const std::array<size_t, kTaskKinds> max_running_;
  const absl::Duration idle_thread_lifetime_;

  absl::Mutex report_mutex_;
  ErrorCallback error_callback_ ABSL_GUARDED_BY(report_mutex_);

  absl::Mutex stopping_ ABSL_ACQUIRED_BEFORE(mutex_);
  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  std::deque<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  Queue queue_ ABSL_GUARDED_BY(mutex_);
  // When the running periodic tasks began.
  std::multiset<absl::Duration> begins_ ABSL_GUARDED_BY(mutex_);
  // Includes tasks of Run() that have not begun.
  std::array<size_t, kTaskKinds> running_ ABSL_GUARDED_BY(mutex_) = {};

  std::list<Worker> workers_ ABSL_GUARDED_BY(mutex_);
  // The thread that begins the next periodic task and waits until then. Null if
  // all periodic tasks are running, or if no thread is left.
  Worker* leader_ ABSL_GUARDED_BY(mutex_) = nullptr;
  // The threads that wait for a task, the last used one at the back.
  std::vector<Worker*> idle_ ABSL_GUARDED_BY(mutex_);
  // The thread that ended last. The next one joins it.
  std::thread ended_ ABSL_GUARDED_BY(mutex_);

  // Since when periodic tasks have waited because max_update_threads tasks are
  // running. Infinite if none waits for that reason.
  absl::Duration backlog_since_ ABSL_GUARDED_BY(mutex_) =
      absl::InfiniteDuration();
  // The last reports.
  absl::Duration backlog_report_ ABSL_GUARDED_BY(mutex_) =
      -absl::InfiniteDuration();
  absl::Duration shortage_report_ ABSL_GUARDED_BY(mutex_) =
      -absl::InfiniteDuration();
};

}  // namespace passpersist

#endif  // PASSPERSIST_THREAD_SCHEDULER_H_
