// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/event_text.h"

#include <string>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "tools/passpersist/text/palette.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::FromText;

std::string Text(const std::string& event, bool color = false) {
  return EventText(FromText<debug::Event>(event), absl::UTCTimeZone(),
                   Palette(color));
}

// Returns the event's line without its time and duration, 24 columns.
std::string RequestEvent(const std::string& event) {
  return Text("request_event { " + event + " }").substr(25);
}

TEST(EventTextTest, HasTheTimeTheDurationAndTheKind) {
  EXPECT_EQ(Text("time { seconds: 3723 nanos: 123456789 } request_event { "
                 "request { get { oids: '.1.3.1' } } "
                 "response { bindings { oid: '.1.3.1' integer: 5 } } "
                 "duration { nanos: 12345 } }"),
            "01:02:03.123456  12.3us  get      .1.3.1 = INTEGER: 5\n");
  EXPECT_EQ(
      Text("update { root: '.1.3' instances: 300 duration { nanos: 5000 } }"),
      "00:00:00.000000  5.00us  update   .1.3, 300 instances\n");
  EXPECT_EQ(Text("error { code: 5 message: 'no file' }"),
            "00:00:00.000000          error    NOT_FOUND: no file\n");
}

TEST(EventTextTest, HasTheRequestUnlessTheAnswerRepeatsIt) {
  EXPECT_EQ(
      RequestEvent("request { get { oids: '.1.3' oids: '.1.4' } } "
                   "response { bindings { oid: '.1.3' integer: 5 } "
                   "bindings { oid: '.1.4' exception: NO_SUCH_INSTANCE } }"),
      "get      .1.3 = INTEGER: 5, .1.4 NO_SUCH_INSTANCE\n");
  EXPECT_EQ(RequestEvent("request { get { oids: '.1.3' } } "
                         "response { error: GEN_ERR }"),
            "get      .1.3 → genErr\n");
  EXPECT_EQ(RequestEvent("request { get_next { ranges { } } } "
                         "response { bindings { oid: '.1.3' integer: 5 } }"),
            "getnext  . → .1.3 = INTEGER: 5\n");
  EXPECT_EQ(RequestEvent("request { get_bulk { max_repetitions: 2 "
                         "ranges { start: '.1.3' } } } "
                         "response { bindings { oid: '.1.3.1' integer: 5 } "
                         "bindings { oid: '.1.3.2' integer: 6 } }"),
            "getbulk  .1.3 ×2 → .1.3.1 = INTEGER: 5, .1.3.2 = INTEGER: 6\n");
  EXPECT_EQ(
      RequestEvent("request { set { bindings { oid: '.1.3' integer: 5 } } }"
                   "response { error: WRONG_VALUE }"),
      "set      .1.3 = INTEGER: 5 → wrongValue\n");
  EXPECT_EQ(
      RequestEvent("request { set { bindings { oid: '.1.3' integer: 5 } } }"
                   "response { }"),
      "set      .1.3 = INTEGER: 5 → ok\n");
  EXPECT_EQ(RequestEvent("request { commit_set { } } response { }"),
            "commitset  → ok\n");
}

TEST(EventTextTest, BytesThatAreNotARequestAreQuoted) {
  EXPECT_EQ(RequestEvent("received: 'foo\\033\\n' sent: ''"),
            "other    \"foo\\x1b\\n\" → \"\"\n");
}

TEST(EventTextTest, APingThatWasAnsweredEarlySaysSo) {
  EXPECT_EQ(RequestEvent("received: 'PING\\n' sent: 'PONG\\n'"),
            "other    \"PING\\n\" → \"PONG\\n\"\n");
  EXPECT_EQ(RequestEvent("received: 'PING\\n' sent: ''"),
            "other    \"PING\\n\" → (PONG came with the last answer)\n");
}

TEST(EventTextTest, EventsOfANewerAgentAreShownAsUnknown) {
  EXPECT_EQ(Text("").substr(25),
            "unknown  (a kind that this program does not know)\n");
  EXPECT_EQ(RequestEvent("request { } response { }"), "unknown  → ok\n");
}

TEST(EventTextTest, FailuresAreRedOnATerminal) {
  EXPECT_EQ(
      Text("update { root: '.1.3' status { code: 5 message: 'no' } }", true),
      "\x1b[2m00:00:00.000000\x1b[0m      0s  update   "
      "\x1b[31m.1.3, NOT_FOUND: no\x1b[0m\n");
}

TEST(EventTextTest, RecognizesAPing) {
  const auto is_ping = [](const std::string& event) {
    return IsPing(FromText<debug::Event>(event));
  };
  EXPECT_TRUE(is_ping("request_event { received: 'PING\\n' }"));
  EXPECT_TRUE(is_ping("request_event { received: 'PING\\n' sent: 'PONG\\n' }"));
  EXPECT_TRUE(is_ping("request_event { received: 'ping\\r\\n' }"));
  EXPECT_FALSE(is_ping("request_event { received: 'PINGPONG\\n' }"));
  EXPECT_FALSE(is_ping("request_event { received: 'PING\\n' request { } }"));
  EXPECT_FALSE(is_ping("error { }"));
}

}  // namespace
}  // namespace passpersist::tool
