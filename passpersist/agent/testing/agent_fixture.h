// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_TESTING_AGENT_FIXTURE_H_
#define PASSPERSIST_AGENT_TESTING_AGENT_FIXTURE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_codec.h"
#include "passpersist/testing/fake_peer.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/value.h"

namespace passpersist {

// An agent on a thread of its own, and its peer.
class AgentTest : public testing::Test {
 protected:
  static constexpr absl::Duration kPeriod = absl::Seconds(10);

  AgentTest() {
    UseThreads({});
    builder_.SetTransport(peer_.NewTransport())
        .SetCodec(std::make_unique<passpersist_testing::FakeCodec>())
        .SetStoreFactory(
            [] { return std::make_unique<passpersist_testing::FakeStore>(); })
        .SetClock(clock_)
        .OnError(log_.Hook());
  }

  ~AgentTest() override {
    if (!release_.HasBeenNotified()) release_.Notify();
    peer_.Close();
    if (runner_.joinable()) runner_.join();
  }

  // Replaces the scheduler by one with other limits.
  void UseThreads(const ThreadSchedulerOptions& options) {
    auto scheduler = std::make_unique<ThreadScheduler>(clock_, options);
    threads_ = scheduler.get();
    builder_.SetScheduler(std::move(scheduler));
  }

  // Replaces the scheduler by one that runs tasks on request.
  passpersist_testing::ManualScheduler* UseManualScheduler() {
    auto scheduler = std::make_unique<passpersist_testing::ManualScheduler>();
    passpersist_testing::ManualScheduler* const borrowed = scheduler.get();
    builder_.SetScheduler(std::move(scheduler));
    return borrowed;
  }

  // Serves .1.3.1 = number_. The update fails while error_ is not OK.
  void AddNumber() {
    builder_.AddSubtree(Oid{1, 3}, kPeriod, [this](Contents& contents) {
      contents.Put({1}, Integer32{number_});
      internal::MutexLock lock(mutex_);
      return error_;
    });
  }

  // Serves .1.5.1 = 7. Updates hang until release_.
  void AddHangingNumber() {
    builder_.AddSubtree(Oid{1, 5}, kPeriod, [this](Contents& contents) {
      contents.Put({1}, Integer32{7});
      release_.WaitForNotification();
      return absl::OkStatus();
    });
  }

  // Serves .1.3.1 = 1 and the computed values .1.3.2 = 2, which hangs until
  // release_, and .1.3.3 = 3.
  void AddComputedNumbers() {
    builder_.AddSubtree(Oid{1, 3}, kPeriod, [this](Contents& contents) {
      contents.Put({1}, Integer32{1});
      contents.PutComputed({2}, [this] {
        release_.WaitForNotification();
        return Integer32{2};
      });
      contents.PutComputed({3}, [] { return Integer32{3}; });
      return absl::OkStatus();
    });
  }

  void Build() { agent_ = builder_.Build().value(); }

  // Starts the agent; returns before it serves.
  void Start() {
    Build();
    runner_ = std::thread([this] { status_ = agent_->Run(); });
  }

  // What Run() returned.
  absl::Status Finish() {
    runner_.join();
    return status_;
  }

  std::string Ask(const std::string& request) {
    peer_.Say(request + "\n");
    return peer_.HearLine();
  }

  void SetError(absl::Status error) {
    internal::MutexLock lock(mutex_);
    error_ = std::move(error);
  }

  passpersist_testing::FakePeer peer_;
  const std::shared_ptr<passpersist_testing::SimulatedClock> clock_ =
      std::make_shared<passpersist_testing::SimulatedClock>();
  passpersist_testing::ErrorLog log_;
  AgentBuilder builder_;
  ThreadScheduler* threads_;  // the agent's, unless it was replaced

  std::atomic<int32_t> number_ = 5;
  absl::Mutex mutex_;
  absl::Status error_ ABSL_GUARDED_BY(mutex_);
  absl::Notification release_;
  // Of updates that may begin when the test body has ended.
  std::atomic<bool> hangs_ = false;

  absl::Status status_;
  std::unique_ptr<Agent> agent_;
  std::thread runner_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_AGENT_TESTING_AGENT_FIXTURE_H_
