// SPDX-License-Identifier: Apache-2.0

#include "passpersist/thread_scheduler.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/base/start_thread.h"
#include "passpersist/monotonic_clock.h"

namespace passpersist {
namespace {

// How many periodic tasks that have run for less than kQuick run at a time.
// Four keep a machine busy whose tasks are quick. A task that takes longer
// probably waits for something, so another thread is worth its cost.
constexpr std::ptrdiff_t kMaxQuick = 4;
constexpr absl::Duration kQuick = absl::Microseconds(250);

// A task that waits longer for a thread is reported.
constexpr absl::Duration kLate = absl::Seconds(1);

constexpr absl::Duration kReportInterval = absl::Hours(1);

}  // namespace

ThreadScheduler::ThreadScheduler(ThreadSchedulerOptions options)
    : ThreadScheduler(std::make_shared<MonotonicClock>(), options) {}

ThreadScheduler::ThreadScheduler(std::shared_ptr<Clock> clock,
                                 ThreadSchedulerOptions options)
    : clock_(std::move(clock)),
      max_running_{std::max<size_t>(options.max_update_threads, 1),
                   std::max<size_t>(options.max_computed_value_threads, 1),
                   std::max<size_t>(options.max_setter_threads, 1)},
      idle_thread_lifetime_(options.idle_thread_lifetime) {}

ThreadScheduler::~ThreadScheduler() { Stop(); }

void ThreadScheduler::OnError(ErrorCallback callback) {
  internal::MutexLock lock(report_mutex_);
  error_callback_ = std::move(callback);
}

Scheduler::Trigger ThreadScheduler::Every(absl::Duration period, Task task) {
  absl::Status shortage;
  Job* job;
  {
    internal::MutexLock lock(mutex_);
    if (stop_) return [] {};
    const absl::Duration now = clock_->Now();
    job = &jobs_.emplace_back();
    job->task = std::move(task);
    job->period = period;
    job->next = now;
    AddToQueue(now, job);
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

bool ThreadScheduler::Run(TaskKind kind, Task task) {
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

void ThreadScheduler::Stop() {
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

void ThreadScheduler::AwaitIdle(size_t running) {
  const auto idle = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    size_t sum = 0;
    for (const size_t of_kind : running_) sum += of_kind;
    return sum <= running && !CanBegin(clock_->Now());
  };
  internal::MutexLock lock(mutex_, absl::Condition(&idle));
}

// --- Threads ---

void ThreadScheduler::Work(Worker* self) {
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
  const Task dropped = std::move(self->task);
  // A thread cannot join itself: the next one that ends does, or Stop().
  std::thread previous = std::exchange(ended_, std::move(self->thread));
  workers_.remove_if([self](const Worker& worker) { return &worker == self; });
  internal::Unlock(mutex_);
  if (previous.joinable()) previous.join();
}

void ThreadScheduler::RunTask(Worker* self) {
  Task task = std::exchange(self->task, nullptr);
  const TaskKind kind = self->kind;
  internal::Unlock(mutex_);
  task();
  task = nullptr;  // destroys what the task holds before it counts as ended
  internal::Lock(mutex_);
  --running_[Index(kind)];
}

void ThreadScheduler::RunJob(Worker* self, absl::Duration now) {
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

bool ThreadScheduler::WaitForTask(Worker* self, absl::Duration now) {
  idle_.push_back(self);
  WaitUntil(now + idle_thread_lifetime_, self);
  // TakeWorker() removes the threads that it takes.
  const auto position = std::find(idle_.begin(), idle_.end(), self);
  if (position == idle_.end()) return true;
  idle_.erase(position);
  return false;
}

void ThreadScheduler::WaitUntil(absl::Duration deadline, Worker* self) {
  internal::Unlock(mutex_);
  clock_->WaitUntil(deadline, self->wake);
  internal::Lock(mutex_);
  self->wake = false;
}

void ThreadScheduler::Wake(Worker* worker) {
  worker->wake = true;
  clock_->Wake();
}

ThreadScheduler::Worker* ThreadScheduler::TakeWorker(absl::Status* error) {
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

void ThreadScheduler::EnsureLeader(absl::Status* error) {
  if (leader_ == nullptr && !queue_.empty()) leader_ = TakeWorker(error);
}

// --- Periodic tasks ---

void ThreadScheduler::RunNow(Job* job) {
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

void ThreadScheduler::AddToQueue(absl::Duration due, Job* job) {
  job->position = queue_.emplace(due, job);
  // Else the leader wakes in time for a task that is due before this one.
  if (leader_ != nullptr && job->position == queue_.begin()) Wake(leader_);
}

bool ThreadScheduler::IsDue(absl::Duration now) const {
  return !queue_.empty() && queue_.begin()->first <= now;
}

bool ThreadScheduler::CanBegin(absl::Duration now) const {
  if (!IsDue(now) || IsFull(TaskKind::kUpdate)) return false;
  const auto quick = begins_.upper_bound(now - kQuick);
  return std::distance(quick, begins_.end()) < kMaxQuick;
}

absl::Duration ThreadScheduler::NextEvent(absl::Duration now) const {
  if (queue_.empty()) return absl::InfiniteDuration();
  if (!IsDue(now)) return queue_.begin()->first;
  // The task that is due begins after the end of another task, on the same
  // thread, or when a running task no longer counts as quick.
  if (IsFull(TaskKind::kUpdate)) return NextBacklogReport();
  return *begins_.upper_bound(now - kQuick) + kQuick;
}

// --- Errors ---

void ThreadScheduler::TrackBacklog(absl::Duration now) {
  if (!IsDue(now)) {
    backlog_since_ = absl::InfiniteDuration();
  } else if (IsFull(TaskKind::kUpdate)) {
    // Not since the task was due: if the process was stopped for a while, all
    // tasks are due for long, and run soon.
    backlog_since_ = std::min(backlog_since_, now);
  }
}

absl::Duration ThreadScheduler::NextBacklogReport() const {
  return std::max(backlog_since_ + kLate, backlog_report_ + kReportInterval);
}

void ThreadScheduler::ReportBacklog(absl::Duration now) {
  backlog_report_ = now;
  const absl::Status error = absl::ResourceExhaustedError(absl::StrCat(
      std::distance(queue_.begin(), queue_.upper_bound(now)),
      " updates are late, because ", running_[Index(TaskKind::kUpdate)],
      " others are running, the most at a time; their values grow old"));
  internal::Unlock(mutex_);
  Report(error);
  internal::Lock(mutex_);
}

void ThreadScheduler::ReportShortage(const absl::Status& error) {
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

void ThreadScheduler::Report(const absl::Status& error) {
  internal::MutexLock lock(report_mutex_);
  if (error_callback_ != nullptr) error_callback_(error);
}

}  // namespace passpersist
