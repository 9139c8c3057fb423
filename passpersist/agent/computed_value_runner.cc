// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/computed_value_runner.h"

#include <algorithm>
#include <atomic>
#include <optional>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passpersist/base/invoke_user_callback.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/base/start_thread.h"

namespace passpersist::internal {

// A thread and its current call. All members but `answered` are guarded by
// ComputedValueRunner::mutex_.
struct ComputedValueRunner::Worker {
  bool late() const { return abandoned && !answered; }

  std::thread thread;
  absl::CondVar wake;
  Oid oid;
  std::optional<ComputedValue> computed;  // to be called
  absl::StatusOr<Value> answer;
  bool abandoned = false;             // no request waits for the answer
  std::atomic<bool> answered = true;  // wakes the request that waits
};

ComputedValueRunner::ComputedValueRunner(Clock* clock, absl::Duration limit)
    : clock_(*clock), limit_(limit) {}

ComputedValueRunner::~ComputedValueRunner() {
  std::list<Worker> workers;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    for (Worker& worker : workers_) worker.wake.Signal();
    workers.swap(workers_);
  }
  for (Worker& worker : workers) worker.thread.join();
}

absl::StatusOr<Value> ComputedValueRunner::Call(const Oid& oid,
                                                const ComputedValue& computed) {
  if (limit_ == absl::InfiniteDuration()) return InvokeUserCallback(computed);
  const absl::StatusOr<Worker*> started = Start(oid, computed);
  if (!started.ok()) return started.status();
  Worker* const worker = *started;
  clock_.WaitUntil(clock_.Now() + limit_, worker->answered);

  MutexLock lock(mutex_);
  if (!worker->answered) {
    worker->abandoned = true;
    return absl::DeadlineExceededError(
        absl::StrCat("not computed within ", absl::FormatDuration(limit_),
                     "; absent until its function has returned"));
  }
  idle_.push_back(worker);
  return std::move(worker->answer);
}

absl::StatusOr<ComputedValueRunner::Worker*> ComputedValueRunner::Start(
    const Oid& oid, const ComputedValue& computed) {
  MutexLock lock(mutex_);
  size_t late = 0;
  for (const Worker& worker : workers_) {
    if (!worker.late()) continue;
    if (worker.oid == oid) {
      return absl::DeadlineExceededError(
          "absent: its function has not returned yet");
    }
    ++late;
  }
  if (late >= kMaxLate) {
    return absl::ResourceExhaustedError(
        absl::StrCat("absent: the functions of ", kMaxLate,
                     " other computed values have not returned yet"));
  }
  Worker* worker;
  if (idle_.empty()) {
    worker = &workers_.emplace_back();
    absl::StatusOr<std::thread> thread =
        StartThread([this, worker] { Work(worker); });
    if (!thread.ok()) {
      workers_.pop_back();
      return absl::ResourceExhaustedError(
          absl::StrCat("absent: ", thread.status().message()));
    }
    worker->thread = *std::move(thread);
  } else {
    worker = idle_.back();
    idle_.pop_back();
  }
  worker->oid = oid;
  worker->computed = computed;
  worker->abandoned = false;
  worker->answered = false;
  worker->wake.Signal();
  return worker;
}

void ComputedValueRunner::Work(Worker* worker) {
  while (true) {
    std::optional<ComputedValue> computed;
    {
      MutexLock lock(mutex_);
      while (!worker->computed && !stopping_) worker->wake.Wait(&mutex_);
      if (!worker->computed) return;
      computed.swap(worker->computed);
    }
    absl::StatusOr<Value> answer = InvokeUserCallback(*computed);
    // Destroys what the function holds, if the store has dropped it meanwhile,
    // before the answer is published.
    computed.reset();
    {
      MutexLock lock(mutex_);
      worker->answer = std::move(answer);
      worker->answered = true;
      // Else the request that waits makes the worker idle: see Call().
      if (worker->abandoned) idle_.push_back(worker);
    }
    clock_.Wake();
  }
}

}  // namespace passpersist::internal
