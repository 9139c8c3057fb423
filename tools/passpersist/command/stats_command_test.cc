// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/passpersist/command/testing/command_fixture.h"
#include "tools/passpersist/text/message_text.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Format;
using testing::HasSubstr;

using StatsCommandTest = CommandTest;

// After `seconds`, `count` getnexts and `updates` updates.
std::string Sample(int seconds, int count, int updates) {
  const std::string latency =
      "latency { mean { nanos: 12345 } p50 { nanos: 11000 } "
      "p90 { nanos: 20000 } p99 { nanos: 30000 } p999 { nanos: 40000 } "
      "max { nanos: 1200000 } }";
  return "statistics { uptime { seconds: " + std::to_string(seconds) +
         " } peer { kind: 'get_next' count: " + std::to_string(count) +
         " refused: 1 absent: 2 " + latency +
         " } debug_clients { kind: 'dump' count: 1 } open_connections: 1 "
         "total_connections: 4 "
         "subtrees { root: '.1.3' instances: 300 memory: 12345 updates: " +
         std::to_string(updates) +
         " failures: 1 unchanged: 7 instance_errors: 2 updating: true "
         "running_time { seconds: 9 } last_duration { nanos: 1200000 } "
         "age { seconds: 3 } last_error { code: 5 message: 'update of .1.3: no "
         "file' } "
         "last_error_age { seconds: 65 } } subtrees { root: '.1.4' instances: "
         "5 } "
         "errors { status { code: 5 message: 'no \\033 file' } count: 3 "
         "last { seconds: 1000000000 } } late_answers: 2 error_count: 4 }";
}

TEST_F(StatsCommandTest, PrintsTheStatisticsAsTables) {
  Answer(Sample(3723, 4567, 10));
  EXPECT_EQ(Run({"stats"}), 0);
  EXPECT_EQ(
      output(),
      "up 1h02m; debug clients: 1 open, 4 in total; late answers: 2; "
      "errors: 4\n"
      "\n"
      "FROM SNMPD  COUNT  /S  REFUSED  ABSENT    MEAN     P50     P90     P99  "
      " P99.9     MAX\n"
      "get next     4567            1       2  12.3us  11.0us  20.0us  30.0us  "
      "40.0us  1.20ms\n"
      "\n"
      "FROM DEBUG CLIENTS  COUNT  /S  REFUSED  ABSENT  MEAN  P50  P90  P99  "
      "P99.9  MAX\n"
      "dump                    1            0       0    0s   0s   0s   0s  "
      "   0s   0s\n"
      "\n"
      "SUBTREE  INSTANCES   MEMORY  UPDATES  /S  FAILED  UNCHANGED  ERRORS"
      "    TOOK    AGE\n"
      ".1.3           300  12.3 kB       10           1          7       2"
      "  1.20ms  3.00s  updating for 9.00s\n"
      ".1.4             5      0 B        0           0          0       0\n"
      "failed 1m05s ago: NOT_FOUND: update of .1.3: no file\n"
      "\n"
      "LAST            COUNT  ERROR\n"
      "09-09 01:46:40      3  NOT_FOUND: no \\x1b file\n");
}

TEST_F(StatsCommandTest, WatchedStatisticsHaveRatesBesideTotals) {
  options_.watch = true;
  options_.interval = absl::ZeroDuration();
  options_.count = 2;
  Answer(Sample(100, 1000, 10));
  Answer(Sample(102, 1500, 11));
  EXPECT_EQ(Run({"stats"}), 0);
  EXPECT_THAT(output(), HasSubstr("get next     1000  "));
  EXPECT_THAT(output(), HasSubstr("get next     1500  250 "));
  EXPECT_THAT(output(),
              HasSubstr(".1.3           300  12.3 kB       11  0.50 "));
  EXPECT_EQ(output().find('\x1b'), std::string::npos);
}

TEST_F(StatsCommandTest, OnATerminalASampleReplacesThePreviousOne) {
  options_.watch = true;
  options_.interval = absl::ZeroDuration();
  options_.count = 2;
  console_.terminal = true;
  console_.size = [] { return passpersist::tool::TerminalSize{3, 20}; };
  Answer(Sample(100, 1000, 10));
  Answer(Sample(102, 1500, 11));
  EXPECT_EQ(Run({"stats"}), 0);
  EXPECT_EQ(output(),
            "\x1b[2J\x1b[H\x1b[Kup 1m40s; debug cli…\n\x1b[K\n\x1b[J"
            "\x1b[H\x1b[Kup 1m42s; debug cli…\n\x1b[K\n\x1b[J");
}

TEST_F(StatsCommandTest, AnAgentThatEndsEndsIt) {
  options_.watch = true;
  options_.interval = absl::ZeroDuration();
  Answer(Sample(100, 1000, 10));
  EXPECT_EQ(Run({"stats"}), 3);
  EXPECT_EQ(error(), "the agent closed the connection");
}

TEST_F(StatsCommandTest, JsonIsALineForEachSample) {
  options_.watch = true;
  options_.interval = absl::ZeroDuration();
  options_.count = 2;
  options_.format = Format::kJson;
  Answer("statistics { uptime { seconds: 1 } }");
  Answer("statistics { uptime { seconds: 2 } open_connections: 1 }");
  EXPECT_EQ(Run({"stats"}), 0);
  EXPECT_EQ(
      output(),
      "{\"uptime\":\"1s\"}\n{\"uptime\":\"2s\",\"open_connections\":\"1\"}\n");
}

TEST_F(StatsCommandTest, OneSampleHasNoInterval) {
  options_.count = 2;
  EXPECT_EQ(Run({"stats"}), 2);
  options_.count = 0;
  options_.interval = absl::Seconds(2);
  EXPECT_EQ(Run({"stats"}), 2);
  EXPECT_EQ(error(), "stats takes --interval and --count only with --watch");
}

}  // namespace
}  // namespace passpersist_testing
