// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/event_queue.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/testing/event_log.h"

namespace passpersist::transport_internal {
namespace {

using passpersist_testing::Text;
using testing::ElementsAre;
using testing::IsEmpty;

class EventQueueTest : public testing::Test {
 protected:
  void Publish(int number) {
    queue_.OnEvent({absl::Time(), absl::InternalError(absl::StrCat(number))});
  }

  std::vector<std::string> Take(size_t max_events = 100) {
    const Events taken = queue_.Take(max_events);
    lost_ = taken.lost;
    std::vector<std::string> texts;
    for (const Event& event : taken.events) texts.push_back(Text(event));
    return texts;
  }

  EventQueue queue_;
  uint64_t lost_ = 0;  // Events::lost of the last Take()
};

TEST_F(EventQueueTest, ReturnsEventsInOrderUpToTheRequestedNumber) {
  EXPECT_TRUE(queue_.empty());
  EXPECT_THAT(Take(), IsEmpty());
  Publish(1);
  Publish(2);
  Publish(3);
  EXPECT_THAT(Take(2), ElementsAre("error: INTERNAL: 1", "error: INTERNAL: 2"));
  EXPECT_FALSE(queue_.empty());
  EXPECT_THAT(Take(2), ElementsAre("error: INTERNAL: 3"));
  EXPECT_TRUE(queue_.empty());
  EXPECT_THAT(Take(), IsEmpty());
  EXPECT_EQ(lost_, 0u);
}

TEST_F(EventQueueTest, LosesTheOldestWhenThereAreTooMany) {
  const int count = static_cast<int>(EventQueue::kMaxEvents) + 5;
  for (int i = 0; i < count; ++i) Publish(i);
  EXPECT_THAT(Take(1), ElementsAre("error: INTERNAL: 5"));
  EXPECT_EQ(lost_, 5u);
  EXPECT_EQ(Take(EventQueue::kMaxEvents).size(), EventQueue::kMaxEvents - 1);
  EXPECT_EQ(lost_, 0u);
}

TEST_F(EventQueueTest, LosesTheOldestWhenTheyAreTooLarge) {
  RequestEvent event;
  event.sent = std::string(EventQueue::kMaxBytes / 4, 'x');
  for (int i = 0; i < 5; ++i) queue_.OnEvent({absl::Time(), event});
  EXPECT_EQ(Take().size(), 3u);
  EXPECT_EQ(lost_, 2u);
  // Taken events make room.
  queue_.OnEvent({absl::Time(), event});
  EXPECT_EQ(Take().size(), 1u);
  EXPECT_EQ(lost_, 0u);
}

TEST_F(EventQueueTest, KeepsOneEventOfAnySize) {
  RequestEvent event;
  event.sent = std::string(2 * EventQueue::kMaxBytes, 'x');
  Publish(1);
  queue_.OnEvent({absl::Time(), event});
  EXPECT_EQ(Take().size(), 1u);
  EXPECT_EQ(lost_, 1u);
}

}  // namespace
}  // namespace passpersist::transport_internal
