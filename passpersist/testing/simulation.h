// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_SIMULATION_H_
#define PASSPERSIST_TESTING_SIMULATION_H_

#include <atomic>
#include <list>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/scheduling/clock.h"
#include "passpersist/scheduling/scheduler.h"

namespace passpersist_testing {

// A clock and the threads of a scheduler, in simulated time: user code that
// takes seconds, or hangs, costs a test no time and has the same result in each
// run.
//
//   contents.PutComputed({1}, [simulation] {
//     simulation->Sleep(absl::Seconds(0.7));
//     return Gauge32{1};
//   });
//
// Threads take turns. A task runs until it ends or calls Sleep(), before the
// function that has begun it returns. Time passes only in WaitUntil() and
// Advance(), which also let the tasks continue whose time comes. So the test
// may call Advance() only while the agent waits for a request.
class Simulation : public passpersist::Clock {
 public:
  Simulation() = default;
  ~Simulation() override;

  absl::Duration Now() const override;
  void WaitUntil(absl::Duration deadline,
                 const std::atomic<bool>& stop) override;
  // Does nothing: no thread waits while another one runs.
  void Wake() override {}

  void Advance(absl::Duration duration);

  // Called by a task: returns after `duration`. The infinite duration ends with
  // EndHangs(), all end when the scheduler stops.
  void Sleep(absl::Duration duration);

  // Lets the tasks continue that sleep for an infinite duration.
  void EndHangs();

  // Makes a scheduler without limits. There is one at a time, and the
  // simulation must outlive it.
  std::unique_ptr<passpersist::Scheduler> NewScheduler();

 private:
  class SchedulerImpl;
  using Task = passpersist::Scheduler::Task;

  // A task on its thread.
  struct Job {
    enum class State { kRunning, kSleeping, kEnded };

    State state = State::kRunning;
    absl::Duration until;  // while it sleeps
    std::thread thread;
  };

  struct Periodic {
    absl::Duration period;
    absl::Duration next;
    Task task;
    bool running = false;
    bool triggered = false;  // during a run
  };

  passpersist::Scheduler::Trigger Add(absl::Duration period, bool runs_now,
                                      Task task);
  bool Run(Task task);
  void Stop();

  // These release the lock while a task runs.
  void Begin(Task task) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void BeginPeriodic(Periodic* periodic) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Resume(Job* job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AwaitTurn(const Job& job) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Lets the next task continue, if its time is at most `deadline`.
  bool Step(absl::Duration deadline) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  static thread_local Job* self_;

  mutable absl::Mutex mutex_;
  absl::CondVar changed_;
  absl::Duration now_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::list<Job> jobs_ ABSL_GUARDED_BY(mutex_);
  std::list<Periodic> periodic_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_SIMULATION_H_
