// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/passpersist/command/testing/command_fixture.h"
#include "tools/passpersist/text/message_text.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Format;
using testing::ElementsAre;

using WatchCommandTest = CommandTest;

constexpr char kEvents[] = R"(
  events {
    events {
      time { seconds: 1000000000 nanos: 123456000 }
      request_event {
        received: 'PING\n'
        sent: 'PONG\n'
      }
    }
    events {
      time { seconds: 1000000000 nanos: 123458000 }
      request_event {
        received: 'getnext\n.1.3\n'
        request { get_next { ranges { start: '.1.3' } } }
        response { bindings { oid: '.1.3.1' integer: 5 } }
        duration { nanos: 12345 }
      }
    }
  })";

TEST_F(WatchCommandTest, PrintsALineForEachEventExceptPings) {
  options_.count = 2;
  Answer(kEvents);
  Answer(
      "events { lost: 3 events { time { seconds: 1000000001 } "
      "update { root: '.1.3' instances: 300 duration { nanos: 1200000 } } } }");
  EXPECT_EQ(Run({"watch"}), 0);
  EXPECT_EQ(output(),
            "01:46:40.123458  12.3us  getnext  .1.3 → .1.3.1 = INTEGER: 5\n"
            "01:46:41.000000  1.20ms  update   .1.3, 300 instances\n");
  EXPECT_EQ(errors(), "passpersist: 3 events were lost: they came too fast\n");
  EXPECT_THAT(agent_.requests, ElementsAre("watch { wait { seconds: 20 } }",
                                           "watch { wait { seconds: 20 } }"));
}

TEST_F(WatchCommandTest, PrintsPingsWithTheFlag) {
  options_.count = 1;
  options_.pings = true;
  Answer(kEvents);
  EXPECT_EQ(Run({"watch"}), 0);
  EXPECT_EQ(output(),
            "01:46:40.123456          other    \"PING\\n\" → \"PONG\\n\"\n");
}

TEST_F(WatchCommandTest, ARefusalEndsIt) {
  Answer("error: GEN_ERR");
  EXPECT_EQ(Run({"watch"}), 1);
  EXPECT_EQ(error(), "the agent refused: genErr");
  EXPECT_EQ(agent_.requests.size(), 1u);
}

TEST_F(WatchCommandTest, ContinuesWithoutEventsUntilTheAgentEnds) {
  Answer("events { }");
  Answer(kEvents);
  EXPECT_EQ(Run({"watch"}), 3);
  EXPECT_EQ(error(), "the agent closed the connection");
  EXPECT_EQ(agent_.requests.size(), 3u);
}

TEST_F(WatchCommandTest, JsonIsALineForEachEvent) {
  options_.count = 1;
  options_.format = Format::kJson;
  Answer("events { events { error { code: 5 message: 'no file' } } }");
  EXPECT_EQ(Run({"watch"}), 0);
  EXPECT_EQ(output(), "{\"error\":{\"code\":5,\"message\":\"no file\"}}\n");
}

TEST_F(WatchCommandTest, EndsWhenTheOutputIsClosed) {
  output_.setstate(std::ios::badbit);
  Answer(kEvents);
  EXPECT_EQ(Run({"watch"}), 0);
}

}  // namespace
}  // namespace passpersist_testing
