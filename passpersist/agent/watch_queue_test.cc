// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/watch_queue.h"

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/event_log.h"
#include "passpersist/testing/simulated_clock.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::SimulatedClock;
using passpersist_testing::Text;
using testing::ElementsAre;
using testing::IsEmpty;

class WatchQueueTest : public testing::Test {
 protected:
  void Publish(int number) {
    observers_.Publish(
        {absl::Time(), absl::InternalError(absl::StrCat(number))});
  }

  std::vector<std::string> Take(size_t max_events = 100,
                                absl::Duration wait = absl::ZeroDuration()) {
    return TakeFor(nullptr, max_events, wait);
  }

  std::vector<std::string> TakeFor(const HasGone& has_gone, size_t max_events,
                                   absl::Duration wait) {
    const Events taken = queue_.Take(max_events, wait, has_gone);
    lost_ = taken.lost;
    std::vector<std::string> texts;
    for (const Event& event : taken.events) texts.push_back(Text(event));
    return texts;
  }

  SimulatedClock clock_;
  InterruptibleClock interruptible_clock_{&clock_};
  ObserverList observers_;
  WatchQueue queue_{&observers_, &interruptible_clock_};
  uint64_t lost_ = 0;  // Events::lost of the last Take()
};

TEST_F(WatchQueueTest, ReturnsEventsInOrderUpToTheRequestedNumber) {
  EXPECT_THAT(Take(), IsEmpty());
  Publish(1);
  Publish(2);
  Publish(3);
  EXPECT_THAT(Take(2), ElementsAre("error: INTERNAL: 1", "error: INTERNAL: 2"));
  EXPECT_THAT(Take(2), ElementsAre("error: INTERNAL: 3"));
  EXPECT_THAT(Take(), IsEmpty());
  EXPECT_EQ(lost_, 0u);
}

TEST_F(WatchQueueTest, WaitsForTheFirstEventOnly) {
  std::thread publisher([&] {
    clock_.AwaitWaiters(1);
    Publish(1);
  });
  EXPECT_THAT(Take(100, absl::InfiniteDuration()),
              ElementsAre("error: INTERNAL: 1"));
  publisher.join();
}

TEST_F(WatchQueueTest, DoesNotWaitIfEventsAreLeft) {
  Publish(1);
  Publish(2);
  EXPECT_THAT(Take(1, absl::InfiniteDuration()),
              ElementsAre("error: INTERNAL: 1"));
  EXPECT_THAT(Take(1, absl::InfiniteDuration()),
              ElementsAre("error: INTERNAL: 2"));
}

TEST_F(WatchQueueTest, ReturnsNothingAfterTheLimit) {
  std::thread timer([&] {
    clock_.AwaitWaiters(1);
    clock_.Advance(absl::Seconds(2));
  });
  EXPECT_THAT(Take(100, absl::Seconds(2)), IsEmpty());
  timer.join();
}

TEST_F(WatchQueueTest, StopsWaitingForAClientThatHasDisconnected) {
  std::atomic<bool> gone = false;
  std::thread client([&] {
    clock_.AwaitWaiters(1);
    gone = true;
    clock_.Advance(InterruptibleClock::kPollInterval);
  });
  EXPECT_THAT(
      TakeFor([&] { return gone.load(); }, 100, absl::InfiniteDuration()),
      IsEmpty());
  client.join();
  EXPECT_EQ(clock_.Now(), InterruptibleClock::kPollInterval);
  // It does not begin to wait either.
  EXPECT_THAT(TakeFor([] { return true; }, 100, absl::InfiniteDuration()),
              IsEmpty());
}

TEST_F(WatchQueueTest, KeepsWaitingForAConnectedClient) {
  std::thread timer([&] {
    for (int second = 0; second < 5; ++second) {
      clock_.AwaitWaiters(1);
      clock_.Advance(absl::Seconds(1));
    }
    clock_.AwaitWaiters(1);
    Publish(1);
  });
  EXPECT_THAT(TakeFor([] { return false; }, 100, absl::Seconds(6)),
              ElementsAre("error: INTERNAL: 1"));
  EXPECT_EQ(clock_.Now(), absl::Seconds(5));
  timer.join();
}

TEST_F(WatchQueueTest, DoesNotWaitAfterShutdown) {
  std::thread closer([&] {
    clock_.AwaitWaiters(1);
    interruptible_clock_.Shutdown();
  });
  EXPECT_THAT(Take(100, absl::InfiniteDuration()), IsEmpty());
  closer.join();
  EXPECT_THAT(Take(100, absl::InfiniteDuration()), IsEmpty());
}

TEST_F(WatchQueueTest, LosesTheOldestWhenThereAreTooMany) {
  const int count = static_cast<int>(WatchQueue::kMaxEvents) + 5;
  for (int i = 0; i < count; ++i) Publish(i);
  EXPECT_THAT(Take(1), ElementsAre("error: INTERNAL: 5"));
  EXPECT_EQ(lost_, 5u);
  EXPECT_EQ(Take(WatchQueue::kMaxEvents).size(), WatchQueue::kMaxEvents - 1);
  EXPECT_EQ(lost_, 0u);
}

TEST_F(WatchQueueTest, LosesTheOldestWhenTheyAreTooLarge) {
  RequestEvent event;
  event.sent = std::string(WatchQueue::kMaxBytes / 4, 'x');
  for (int i = 0; i < 5; ++i) observers_.Publish({absl::Time(), event});
  EXPECT_EQ(Take().size(), 3u);
  EXPECT_EQ(lost_, 2u);
  // Taken events make room.
  observers_.Publish({absl::Time(), event});
  EXPECT_EQ(Take().size(), 1u);
  EXPECT_EQ(lost_, 0u);
}

TEST_F(WatchQueueTest, KeepsOneEventOfAnySize) {
  RequestEvent event;
  event.sent = std::string(2 * WatchQueue::kMaxBytes, 'x');
  Publish(1);
  observers_.Publish({absl::Time(), event});
  EXPECT_EQ(Take().size(), 1u);
  EXPECT_EQ(lost_, 1u);
}

TEST_F(WatchQueueTest, ReceivesNoEventsAfterItsDestruction) {
  EXPECT_TRUE(observers_.any());
  { const WatchQueue other(&observers_, &interruptible_clock_); }
  EXPECT_TRUE(observers_.any());
  Publish(1);
  EXPECT_THAT(Take(), ElementsAre("error: INTERNAL: 1"));
}

TEST(ObserversTest, KnowsWhetherThereIsAnObserver) {
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
    for (int i = 0; i < 1000; ++i) std::this_thread::yield();
    flushing_ = false;
  }

  bool observed() const { return observed_; }
  bool received_during_flush() const { return received_during_flush_; }

 private:
  std::atomic<bool> flushing_ = false;
  std::atomic<bool> observed_ = false;
  std::atomic<bool> received_during_flush_ = false;
};

TEST(ObserversTest, PublishesNothingWhileItFlushes) {
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
