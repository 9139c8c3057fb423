// SPDX-License-Identifier: Apache-2.0

#include "passpersist/scheduling/thread_scheduler.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <deque>
#include <iterator>
#include <list>
#include <map>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/base/start_thread.h"
#include "passpersist/scheduling/monotonic_clock.h"

namespace passpersist {
namespace {

// At most kMaxQuick periodic tasks that began less than kQuick ago run at a
// time. Quick tasks that are due together then share a few threads, which end
// one task after another. A task that has run for longer probably waits for
// something, so one more thread is worth its cost.
constexpr std::ptrdiff_t kMaxQuick = 4;
constexpr absl::Duration kQuick = absl::Microseconds(250);

// How long periodic tasks wait for the end of others before that is reported.
constexpr absl::Duration kLate = absl::Seconds(1);

constexpr absl::Duration kReportInterval = absl::Hours(1);

}  // namespace

// The threads, and where they find their tasks:
//
//   queue_, by due time
//   +-------+-------+-------+--
//   | 10.0s | 10.0s | 12.5s |      leader_   waits for the first due time
//   +-------+-------+-------+--              |
//       ^                                    | makes an idle or a new thread
//       |                                    v the leader
//       +---- ends -------------- each runs one periodic task
//                                            |
//   Run() ----> idle_ or a new thread        | ends
//                 |                          v
//                 | runs the task    runs the next task that is due,
//                 +----------------> or becomes the leader if there is none,
//                                    or waits in idle_ and ends after a while
//
// The leader takes no task of Run(), which might hang and delay all updates.
class ThreadScheduler::Impl {
 public:
  Impl(std::shared_ptr<Clock> clock, const ThreadSchedulerOptions& options);

  void OnError(ErrorCallback callback);
  // The first periodic run is due now, or never.
  Trigger Add(absl::Duration period, bool runs_now, Task task);
  bool Run(TaskKind kind, Task task);
  void Stop();
  void AwaitIdle(size_t running);

 private:
  static constexpr size_t kTaskKinds = 3;

  // Periodic tasks, by the time at which they are due.
  struct Job;
  using Queue = std::multimap<absl::Duration, Job*>;

  // A periodic task. mutex_ guards all members but `task`.
  struct Job {
    Task task;
    absl::Duration period;
    absl::Duration next;  // when its next periodic run is due
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
  Queue queue_ ABSL_GUARDED_BY(mutex_);  // of the tasks that are not running
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

ThreadScheduler::Impl::Impl(std::shared_ptr<Clock> clock,
                            const ThreadSchedulerOptions& options)
    : clock_(std::move(clock)),
      max_running_{std::max<size_t>(options.max_update_threads, 1),
                   std::max<size_t>(options.max_computed_value_threads, 1),
                   std::max<size_t>(options.max_setter_threads, 1)},
      idle_thread_lifetime_(options.idle_thread_lifetime) {}

void ThreadScheduler::Impl::OnError(ErrorCallback callback) {
  internal::MutexLock lock(report_mutex_);
  error_callback_ = std::move(callback);
}

Scheduler::Trigger ThreadScheduler::Impl::Add(absl::Duration period,
                                              bool runs_now, Task task) {
  absl::Status shortage;
  Job* job;
  {
    internal::MutexLock lock(mutex_);
    if (stop_) return [] {};
    const absl::Duration now = clock_->Now();
    job = &jobs_.emplace_back();
    job->task = std::move(task);
    job->period = period;
    job->next = runs_now ? now : absl::InfiniteDuration();
    AddToQueue(job->next, job);
    EnsureLeader(&shortage);
    if (workers_.empty()) {
      queue_.erase(job->position);
      jobs_.pop_back();
      return nullptr;
    }
  }
  ReportShortage(shortage);
  return [this, job] { RunNow(job); };
}

bool ThreadScheduler::Impl::Run(TaskKind kind, Task task) {
  absl::Status shortage;
  bool taken = false;
  {
    internal::MutexLock lock(mutex_);
    if (stop_ || IsFull(kind)) return false;
    // After a shortage, periodic tasks may wait without a leader.
    EnsureLeader(&shortage);
    if (Worker* const worker = TakeWorker(&shortage); worker != nullptr) {
      worker->task = std::move(task);
      worker->kind = kind;
      ++running_[Index(kind)];
      taken = true;
    }
  }
  ReportShortage(shortage);
  return taken;
}

void ThreadScheduler::Impl::Stop() {
  // stopping_ makes every concurrent caller wait until no task is running.
  internal::MutexLock stopping(stopping_);
  std::thread last;
  {
    internal::MutexLock lock(mutex_);
    stop_ = true;
    for (Worker& worker : workers_) Wake(&worker);
    const auto ended = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return workers_.empty();
    };
    mutex_.Await(absl::Condition(&ended));
    last = std::move(ended_);
  }
  if (last.joinable()) last.join();
}

void ThreadScheduler::Impl::AwaitIdle(size_t running) {
  const auto idle = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    size_t sum = 0;
    for (const size_t of_kind : running_) sum += of_kind;
    return sum <= running && !CanBegin(clock_->Now());
  };
  internal::MutexLock lock(mutex_, absl::Condition(&idle));
}

// --- Threads ---

void ThreadScheduler::Impl::Work(Worker* self) {
  internal::Lock(mutex_);
  while (!stop_) {
    const absl::Duration now = clock_->Now();
    TrackBacklog(now);
    if (self->task != nullptr) {
      RunTask(self);
    } else if (CanBegin(now)) {
      RunJob(self, now);
    } else if (leader_ == self || (leader_ == nullptr && !queue_.empty())) {
      leader_ = self;
      if (IsFull(TaskKind::kUpdate) && now >= NextBacklogReport()) {
        ReportBacklog(now);
      } else {
        WaitUntil(NextEvent(now), self);
      }
    } else if (!WaitForTask(self, now)) {
      break;
    }
  }
  // A task that is still running wakes the leader when it ends.
  if (leader_ == self) leader_ = nullptr;
  const Task dropped = std::move(self->task);
  // A thread cannot join itself: the next one that ends does, or Stop().
  std::thread previous = std::exchange(ended_, std::move(self->thread));
  workers_.remove_if([self](const Worker& worker) { return &worker == self; });
  internal::Unlock(mutex_);
  if (previous.joinable()) previous.join();
}

void ThreadScheduler::Impl::RunTask(Worker* self) {
  Task task = std::exchange(self->task, nullptr);
  const TaskKind kind = self->kind;
  internal::Unlock(mutex_);
  task();
  task = nullptr;  // destroys what the task holds before it counts as ended
  internal::Lock(mutex_);
  --running_[Index(kind)];
}

void ThreadScheduler::Impl::RunJob(Worker* self, absl::Duration now) {
  Job* const job = queue_.begin()->second;
  queue_.erase(queue_.begin());
  job->running = true;
  job->triggered = false;
  ++running_[Index(TaskKind::kUpdate)];
  const auto begin = begins_.insert(now);
  // The task may hang, so another thread waits for the next one.
  if (leader_ == self) leader_ = nullptr;
  absl::Status shortage;
  EnsureLeader(&shortage);

  internal::Unlock(mutex_);
  ReportShortage(shortage);
  job->task();
  internal::Lock(mutex_);

  begins_.erase(begin);
  --running_[Index(TaskKind::kUpdate)];
  job->running = false;
  // The first multiple of the period that has not passed.
  now = clock_->Now();
  if (now >= job->next) {
    job->next += job->period * (1 + (now - job->next) / job->period);
  }
  AddToQueue(job->triggered ? now : job->next, job);
}

bool ThreadScheduler::Impl::WaitForTask(Worker* self, absl::Duration now) {
  idle_.push_back(self);
  WaitUntil(now + idle_thread_lifetime_, self);
  // TakeWorker() removes the threads that it takes.
  const auto position = std::find(idle_.begin(), idle_.end(), self);
  if (position == idle_.end()) return true;
  idle_.erase(position);
  return false;
}

void ThreadScheduler::Impl::WaitUntil(absl::Duration deadline, Worker* self) {
  // Forgets a Wake() that came while the thread was not waiting.
  self->wake = false;
  internal::Unlock(mutex_);
  clock_->WaitUntil(deadline, self->wake);
  internal::Lock(mutex_);
}

void ThreadScheduler::Impl::Wake(Worker* worker) {
  worker->wake = true;
  clock_->Wake();
}

ThreadScheduler::Impl::Worker* ThreadScheduler::Impl::TakeWorker(
    absl::Status* error) {
  if (!idle_.empty()) {
    // The last used thread, so that the others reach the end of their lifetime.
    Worker* const worker = idle_.back();
    idle_.pop_back();
    Wake(worker);
    return worker;
  }
  Worker* const worker = &workers_.emplace_back();
  absl::StatusOr<std::thread> thread =
      internal::StartThread([this, worker] { Work(worker); });
  if (!thread.ok()) {
    workers_.pop_back();
    *error = thread.status();
    return nullptr;
  }
  worker->thread = *std::move(thread);
  return worker;
}

void ThreadScheduler::Impl::EnsureLeader(absl::Status* error) {
  if (leader_ == nullptr && !queue_.empty()) leader_ = TakeWorker(error);
}

// --- Periodic tasks ---

void ThreadScheduler::Impl::RunNow(Job* job) {
  absl::Status shortage;
  {
    internal::MutexLock lock(mutex_);
    if (stop_) return;
    const absl::Duration now = clock_->Now();
    if (job->running) {
      job->triggered = true;
    } else if (now < job->position->first) {
      queue_.erase(job->position);
      AddToQueue(now, job);
    }
    EnsureLeader(&shortage);
  }
  ReportShortage(shortage);
}

void ThreadScheduler::Impl::AddToQueue(absl::Duration due, Job* job) {
  job->position = queue_.emplace(due, job);
  // Else the leader wakes in time for a task that is due before this one.
  if (leader_ != nullptr && job->position == queue_.begin()) Wake(leader_);
}

bool ThreadScheduler::Impl::IsDue(absl::Duration now) const {
  return !queue_.empty() && queue_.begin()->first <= now;
}

bool ThreadScheduler::Impl::CanBegin(absl::Duration now) const {
  if (!IsDue(now) || IsFull(TaskKind::kUpdate)) return false;
  const auto quick = begins_.upper_bound(now - kQuick);
  return std::distance(quick, begins_.end()) < kMaxQuick;
}

absl::Duration ThreadScheduler::Impl::NextEvent(absl::Duration now) const {
  if (queue_.empty()) return absl::InfiniteDuration();
  if (!IsDue(now)) return queue_.begin()->first;
  // The task that is due begins after the end of another task, on the same
  // thread, or when a running task no longer counts as quick.
  if (IsFull(TaskKind::kUpdate)) return NextBacklogReport();
  return *begins_.upper_bound(now - kQuick) + kQuick;
}

// --- Errors ---

void ThreadScheduler::Impl::TrackBacklog(absl::Duration now) {
  if (!IsDue(now)) {
    backlog_since_ = absl::InfiniteDuration();
  } else if (IsFull(TaskKind::kUpdate)) {
    // Not since the task was due: if the process was stopped for a while, all
    // tasks are due for long, and run soon.
    backlog_since_ = std::min(backlog_since_, now);
  }
}

absl::Duration ThreadScheduler::Impl::NextBacklogReport() const {
  return std::max(backlog_since_ + kLate, backlog_report_ + kReportInterval);
}

void ThreadScheduler::Impl::ReportBacklog(absl::Duration now) {
  backlog_report_ = now;
  const absl::Status error = absl::ResourceExhaustedError(absl::StrCat(
      std::distance(queue_.begin(), queue_.upper_bound(now)),
      " updates are late, because ", running_[Index(TaskKind::kUpdate)],
      " others are running, the most at a time; their values grow old"));
  internal::Unlock(mutex_);
  Report(error);
  internal::Lock(mutex_);
}

void ThreadScheduler::Impl::ReportShortage(const absl::Status& error) {
  if (error.ok()) return;
  size_t threads;
  {
    internal::MutexLock lock(mutex_);
    const absl::Duration now = clock_->Now();
    if (now < shortage_report_ + kReportInterval) return;
    shortage_report_ = now;
    threads = workers_.size();
  }
  Report(absl::ResourceExhaustedError(absl::StrCat(
      error.message(), "; all tasks share ", threads, " threads")));
}

void ThreadScheduler::Impl::Report(const absl::Status& error) {
  internal::MutexLock lock(report_mutex_);
  if (error_callback_ != nullptr) error_callback_(error);
}

// --- ThreadScheduler ---

ThreadScheduler::ThreadScheduler(ThreadSchedulerOptions options)
    : ThreadScheduler(std::make_shared<MonotonicClock>(), options) {}

ThreadScheduler::ThreadScheduler(std::shared_ptr<Clock> clock,
                                 ThreadSchedulerOptions options)
    : impl_(std::make_unique<Impl>(std::move(clock), options)) {}

ThreadScheduler::~ThreadScheduler() { Stop(); }

void ThreadScheduler::OnError(ErrorCallback callback) {
  impl_->OnError(std::move(callback));
}

Scheduler::Trigger ThreadScheduler::Every(absl::Duration period, Task task) {
  return impl_->Add(period, /*runs_now=*/true, std::move(task));
}

Scheduler::Trigger ThreadScheduler::OnDemand(Task task) {
  return impl_->Add(absl::InfiniteDuration(), /*runs_now=*/false,
                    std::move(task));
}

bool ThreadScheduler::Run(TaskKind kind, Task task) {
  return impl_->Run(kind, std::move(task));
}

void ThreadScheduler::Stop() { impl_->Stop(); }

void ThreadScheduler::AwaitIdle(size_t running) { impl_->AwaitIdle(running); }

}  // namespace passpersist
