#include "passpersist/thread_scheduler.h"

#include <utility>

namespace passpersist {

ThreadScheduler::ThreadScheduler(std::shared_ptr<Clock> clock)
    : clock_(std::move(clock)) {}

ThreadScheduler::~ThreadScheduler() { Stop(); }

void ThreadScheduler::Every(absl::Duration period, Task task) {
  absl::MutexLock lock(&mutex_);
  if (stop_) return;
  threads_.emplace_back([this, period, task = std::move(task)]() mutable {
    Run(period, std::move(task));
  });
}

void ThreadScheduler::Stop() {
  std::vector<std::thread> threads;
  // Of several callers each waits until nothing runs.
  absl::MutexLock stopping(&stopping_);
  {
    absl::MutexLock lock(&mutex_);
    stop_ = true;
    threads.swap(threads_);
  }
  clock_->Wake();
  for (std::thread& thread : threads) thread.join();
}

void ThreadScheduler::Run(absl::Duration period, Task task) {
  absl::Duration due = clock_->Now();
  while (!stop_) {
    task();
    // The first multiple of the period that has not passed.
    due += period * (1 + (clock_->Now() - due) / period);
    clock_->WaitUntil(due, stop_);
  }
}

}  // namespace passpersist
