#include "passpersist/internal/watch_queue.h"

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
  void Tell(int number) {
    observers_.Tell({absl::Time(), absl::InternalError(absl::StrCat(number))});
  }

  std::vector<std::string> Take(size_t max_events = 100,
                                absl::Duration wait = absl::ZeroDuration()) {
    const Events taken = queue_.Take(max_events, wait);
    lost_ = taken.lost;
    std::vector<std::string> texts;
    for (const Event& event : taken.events) texts.push_back(Text(event));
    return texts;
  }

  SimulatedClock clock_;
  WaitRoom wait_room_{&clock_};
  Observers observers_;
  WatchQueue queue_{&observers_, &wait_room_};
  uint64_t lost_ = 0;  // as the last Take() said
};

TEST_F(WatchQueueTest, GivesEventsInTheirOrderAsManyAsAreWanted) {
  EXPECT_THAT(Take(), IsEmpty());
  Tell(1);
  Tell(2);
  Tell(3);
  EXPECT_THAT(Take(2), ElementsAre("error: INTERNAL: 1", "error: INTERNAL: 2"));
  EXPECT_THAT(Take(2), ElementsAre("error: INTERNAL: 3"));
  EXPECT_THAT(Take(), IsEmpty());
  EXPECT_EQ(lost_, 0u);
}

TEST_F(WatchQueueTest, WaitsForTheFirstEventAndNoLonger) {
  std::thread teller([&] {
    clock_.AwaitWaiters(1);
    Tell(1);
  });
  EXPECT_THAT(Take(100, absl::InfiniteDuration()),
              ElementsAre("error: INTERNAL: 1"));
  teller.join();
}

TEST_F(WatchQueueTest, DoesNotWaitForWhatIsLeft) {
  Tell(1);
  Tell(2);
  EXPECT_THAT(Take(1, absl::InfiniteDuration()),
              ElementsAre("error: INTERNAL: 1"));
  EXPECT_THAT(Take(1, absl::InfiniteDuration()),
              ElementsAre("error: INTERNAL: 2"));
}

TEST_F(WatchQueueTest, ReturnsNothingWhenTheTimeIsOver) {
  std::thread timer([&] {
    clock_.AwaitWaiters(1);
    clock_.Advance(absl::Seconds(2));
  });
  EXPECT_THAT(Take(100, absl::Seconds(2)), IsEmpty());
  timer.join();
}

TEST_F(WatchQueueTest, NobodyWaitsAfterShutdown) {
  std::thread closer([&] {
    clock_.AwaitWaiters(1);
    wait_room_.Shutdown();
  });
  EXPECT_THAT(Take(100, absl::InfiniteDuration()), IsEmpty());
  closer.join();
  EXPECT_THAT(Take(100, absl::InfiniteDuration()), IsEmpty());
}

TEST_F(WatchQueueTest, LosesTheOldestWhenThereAreTooMany) {
  const int count = static_cast<int>(WatchQueue::kMaxEvents) + 5;
  for (int i = 0; i < count; ++i) Tell(i);
  EXPECT_THAT(Take(1), ElementsAre("error: INTERNAL: 5"));
  EXPECT_EQ(lost_, 5u);
  EXPECT_EQ(Take(WatchQueue::kMaxEvents).size(), WatchQueue::kMaxEvents - 1);
  EXPECT_EQ(lost_, 0u);
}

TEST_F(WatchQueueTest, LosesTheOldestWhenTheyAreTooLarge) {
  Exchange exchange;
  exchange.sent = std::string(WatchQueue::kMaxBytes / 4, 'x');
  for (int i = 0; i < 5; ++i) observers_.Tell({absl::Time(), exchange});
  EXPECT_EQ(Take().size(), 3u);
  EXPECT_EQ(lost_, 2u);
  // What was taken makes room.
  observers_.Tell({absl::Time(), exchange});
  EXPECT_EQ(Take().size(), 1u);
  EXPECT_EQ(lost_, 0u);
}

TEST_F(WatchQueueTest, KeepsOneEventHoweverLargeItIs) {
  Exchange exchange;
  exchange.sent = std::string(2 * WatchQueue::kMaxBytes, 'x');
  Tell(1);
  observers_.Tell({absl::Time(), exchange});
  EXPECT_EQ(Take().size(), 1u);
  EXPECT_EQ(lost_, 1u);
}

TEST_F(WatchQueueTest, HearsNothingAnyMoreWhenItIsGone) {
  EXPECT_TRUE(observers_.any());
  { const WatchQueue other(&observers_, &wait_room_); }
  EXPECT_TRUE(observers_.any());
  Tell(1);
  EXPECT_THAT(Take(), ElementsAre("error: INTERNAL: 1"));
}

TEST(ObserversTest, SaysWhetherThereIsAny) {
  Observers observers;
  EXPECT_FALSE(observers.any());
  passpersist_testing::EventLog log;
  observers.Add(&log);
  EXPECT_TRUE(observers.any());
  observers.Tell({absl::Time(), absl::InternalError("one")});
  observers.Remove(&log);
  EXPECT_FALSE(observers.any());
  observers.Tell({absl::Time(), absl::InternalError("two")});
  EXPECT_THAT(log.Take(), ElementsAre("error: INTERNAL: one"));
}

}  // namespace
}  // namespace passpersist::internal
