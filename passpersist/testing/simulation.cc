// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/simulation.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "passpersist/base/mutex_lock.h"

namespace passpersist_testing {

using passpersist::Scheduler;
using passpersist::TaskKind;
using passpersist::internal::MutexLock;

thread_local Simulation::Job* Simulation::self_ = nullptr;

class Simulation::SchedulerImpl : public Scheduler {
 public:
  explicit SchedulerImpl(Simulation* simulation) : simulation_(*simulation) {}
  ~SchedulerImpl() override { Stop(); }

  Trigger Every(absl::Duration period, Task task) override {
    return simulation_.Add(period, /*runs_now=*/true, std::move(task));
  }
  Trigger OnDemand(Task task) override {
    return simulation_.Add(absl::InfiniteDuration(), /*runs_now=*/false,
                           std::move(task));
  }
  bool Run(TaskKind, Task task) override {
    return simulation_.Run(std::move(task));
  }
  void Stop() override { simulation_.Stop(); }

 private:
  Simulation& simulation_;
};

Simulation::~Simulation() { Stop(); }

std::unique_ptr<Scheduler> Simulation::NewScheduler() {
  MutexLock lock(mutex_);
  stopped_ = false;
  return std::make_unique<SchedulerImpl>(this);
}

// --- Time ---

absl::Duration Simulation::Now() const {
  MutexLock lock(mutex_);
  return now_;
}

void Simulation::WaitUntil(absl::Duration deadline,
                           const std::atomic<bool>& stop) {
  MutexLock lock(mutex_);
  while (!stop && Step(deadline)) {
  }
  if (stop) return;
  if (deadline == absl::InfiniteDuration()) {
    std::fputs("nothing can end a wait in simulated time\n", stderr);
    std::abort();
  }
  now_ = std::max(now_, deadline);
}

void Simulation::Advance(absl::Duration duration) {
  MutexLock lock(mutex_);
  const absl::Duration until = now_ + duration;
  while (Step(until)) {
  }
  now_ = until;
}

bool Simulation::Step(absl::Duration deadline) {
  Job* job = nullptr;
  Periodic* periodic = nullptr;
  absl::Duration first = absl::InfiniteDuration();
  for (Job& sleeping : jobs_) {
    if (sleeping.state != Job::State::kSleeping || sleeping.until >= first) {
      continue;
    }
    first = sleeping.until;
    job = &sleeping;
  }
  for (Periodic& next : periodic_) {
    if (next.next >= first) continue;
    first = next.next;
    periodic = &next;
  }
  if (first == absl::InfiniteDuration() || first > deadline) return false;
  now_ = std::max(now_, first);
  if (periodic != nullptr) {
    periodic->next += periodic->period;
    if (!periodic->running) BeginPeriodic(periodic);
  } else {
    Resume(job);
  }
  return true;
}

// --- Tasks ---

void Simulation::Sleep(absl::Duration duration) {
  MutexLock lock(mutex_);
  if (stopped_) return;
  self_->state = Job::State::kSleeping;
  self_->until = now_ + duration;
  changed_.SignalAll();
  while (self_->state == Job::State::kSleeping) changed_.Wait(&mutex_);
}

void Simulation::EndHangs() {
  MutexLock lock(mutex_);
  for (Job& job : jobs_) {
    if (job.state == Job::State::kSleeping &&
        job.until == absl::InfiniteDuration()) {
      Resume(&job);
    }
  }
}

bool Simulation::Run(Task task) {
  MutexLock lock(mutex_);
  if (stopped_) return false;
  Begin(std::move(task));
  return true;
}

Scheduler::Trigger Simulation::Add(absl::Duration period, bool runs_now,
                                   Task task) {
  MutexLock lock(mutex_);
  Periodic* const periodic = &periodic_.emplace_back();
  periodic->period = period;
  periodic->next = now_ + period;
  periodic->task = std::move(task);
  if (runs_now) BeginPeriodic(periodic);
  return [this, periodic] {
    MutexLock trigger_lock(mutex_);
    if (stopped_) return;
    periodic->triggered = true;
    if (!periodic->running) BeginPeriodic(periodic);
  };
}

void Simulation::BeginPeriodic(Periodic* periodic) {
  periodic->running = true;
  Begin([this, periodic] {
    while (true) {
      {
        MutexLock lock(mutex_);
        periodic->triggered = false;
      }
      periodic->task();
      MutexLock lock(mutex_);
      if (periodic->triggered && !stopped_) continue;
      periodic->running = false;
      return;
    }
  });
}

void Simulation::Begin(Task task) {
  jobs_.remove_if([](Job& job) {
    if (job.state != Job::State::kEnded) return false;
    job.thread.join();
    return true;
  });
  Job& job = jobs_.emplace_back();
  job.thread = std::thread([this, &job, run = std::move(task)]() mutable {
    self_ = &job;
    run();
    run = nullptr;
    MutexLock lock(mutex_);
    job.state = Job::State::kEnded;
    changed_.SignalAll();
  });
  AwaitTurn(job);
}

void Simulation::Resume(Job* job) {
  job->state = Job::State::kRunning;
  changed_.SignalAll();
  AwaitTurn(*job);
}

void Simulation::AwaitTurn(const Job& job) {
  while (job.state == Job::State::kRunning) changed_.Wait(&mutex_);
}

void Simulation::Stop() {
  MutexLock lock(mutex_);
  stopped_ = true;
  for (Job& job : jobs_) {
    if (job.state == Job::State::kSleeping) Resume(&job);
    job.thread.join();
  }
  jobs_.clear();
  periodic_.clear();
}

}  // namespace passpersist_testing
