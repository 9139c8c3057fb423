#include "passpersist/agent_main.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/testing/fake_codec.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/fake_transport.h"
#include "passpersist/thread_scheduler.h"

namespace passpersist {
namespace {

using passpersist_testing::FakeCodec;
using passpersist_testing::FakeStore;
using passpersist_testing::FakeTransport;
using testing::ExitedWithCode;

absl::StatusOr<std::unique_ptr<Agent>> BuildAgent(
    std::vector<std::string> reads, UpdateFn update) {
  static auto* const writes = new std::vector<std::string>;
  AgentBuilder builder;
  builder.SetTransport(std::make_unique<FakeTransport>(reads, writes))
      .SetCodec(std::make_unique<FakeCodec>())
      .SetStoreFactory([] { return std::make_unique<FakeStore>(); })
      .SetScheduler(std::make_unique<ThreadScheduler>())
      .SetFirstUpdateLimit(absl::ZeroDuration())
      .AddSubtree(Oid{1, 3}, absl::Hours(1), std::move(update));
  return builder.Build();
}

absl::Status Hang(Contents&) {
  absl::Notification().WaitForNotification();
  return absl::OkStatus();
}

class AgentMainDeathTest : public testing::Test {
 protected:
  AgentMainDeathTest() { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};

TEST_F(AgentMainDeathTest, ExitsWithSuccessWhenThePeerHasClosed) {
  EXPECT_EXIT(AgentMain(BuildAgent({"ping\n"},
                                   [](Contents&) { return absl::OkStatus(); })),
              ExitedWithCode(EXIT_SUCCESS), "");
}

TEST_F(AgentMainDeathTest, DoesNotWaitForAnUpdateThatHangs) {
  EXPECT_EXIT(AgentMain(BuildAgent({}, Hang)), ExitedWithCode(EXIT_SUCCESS),
              "");
}

TEST_F(AgentMainDeathTest, SaysWhyThereIsNoAgent) {
  EXPECT_EXIT(AgentMain(AgentBuilder().Build()), ExitedWithCode(EXIT_FAILURE),
              "INVALID_ARGUMENT: no agent can be built: no transport");
}

TEST_F(AgentMainDeathTest, SaysWhatBrokeTheConversation) {
  EXPECT_EXIT(AgentMain(BuildAgent({"nonsense\n"}, Hang)),
              ExitedWithCode(EXIT_FAILURE),
              "INVALID_ARGUMENT: no request: nonsense");
}

}  // namespace
}  // namespace passpersist
