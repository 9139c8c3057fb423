// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/observer_list.h"

#include <atomic>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/observer.h"
#include "passpersist/testing/event_log.h"

namespace passpersist::internal {
namespace {

using testing::ElementsAre;

TEST(ObserverListTest, KnowsWhetherThereIsAnObserver) {
  ObserverList observers;
  EXPECT_FALSE(observers.any());
  passpersist_testing::EventLog log;
  observers.Add(&log);
  EXPECT_TRUE(observers.any());
  observers.Publish({absl::Time(), absl::InternalError("one")});
  observers.Remove(&log);
  EXPECT_FALSE(observers.any());
  observers.Publish({absl::Time(), absl::InternalError("two")});
  EXPECT_THAT(log.Take(), ElementsAre("error: INTERNAL: one"));
}

// Records whether it receives an event while it is being flushed.
class FlushingObserver : public Observer {
 public:
  void OnEvent(const Event&) override {
    observed_ = true;
    received_during_flush_ = received_during_flush_ || flushing_;
  }
  void Flush() override {
    flushing_ = true;
    for (int i = 0; i < 100; ++i) std::this_thread::yield();
    flushing_ = false;
  }

  bool observed() const { return observed_; }
  bool received_during_flush() const { return received_during_flush_; }

 private:
  std::atomic<bool> flushing_ = false;
  std::atomic<bool> observed_ = false;
  std::atomic<bool> received_during_flush_ = false;
};

TEST(ObserverListTest, PublishesNothingWhileItFlushes) {
  ObserverList observers;
  FlushingObserver observer;
  observers.Add(&observer);
  std::atomic<bool> end = false;
  std::thread publisher([&] {
    while (!end) observers.Publish({absl::Time(), absl::InternalError("one")});
  });
  while (!observer.observed()) std::this_thread::yield();
  for (int i = 0; i < 10; ++i) observers.Flush();
  end = true;
  publisher.join();
  EXPECT_FALSE(observer.received_during_flush());
}

}  // namespace
}  // namespace passpersist::internal
