// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/replay/replay.h"

#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "tools/passpersist/client/testing/fake_agent_client.h"
#include "tools/passpersist/replay/replay_report.pb.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"
#include "transport/recording/recording_reader.h"
#include "transport/recording/testing/recording_test_entry.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::FakeAgent;
using passpersist_testing::FakeAgentClient;
using passpersist_testing::FromText;
using passpersist_testing::IsOk;
using passpersist_testing::RecordingEntryBytes;
using passpersist_testing::ScopedTempDir;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kPath[] = "agent.rec";

// Returns the recording entry of a request and its answer, 5.25 seconds after
// the begin of 1970.
std::string RequestEventEntry(const std::string& request,
                              const std::string& response) {
  return RecordingEntryBytes(absl::StrCat(
      "event { time { seconds: 5 nanos: 250000000 } request_event { "
      "request { ",
      request, " } response { ", response, " } } }"));
}

class ReplayTest : public testing::Test {
 protected:
  RecordingReader Recorded(const std::string& entries,
                           const std::string& header = "format_version: 2") {
    std::ofstream(kPath, std::ios::binary)
        << RecordingEntryBytes(absl::StrCat("header { ", header, " }"))
        << entries;
    return RecordingReader::Open(kPath).value();
  }

  // Queues the answers of the agent.
  void Answer(const std::vector<std::string>& answers) {
    for (const std::string& answer : answers) {
      agent_.answers.push_back(FromText<debug::Response>(answer));
    }
  }

  // Replays a recording of one request to an agent that answers `now`, and
  // returns the report.
  report::ReplayReport Compare(const std::string& request,
                               const std::string& response,
                               const std::string& now,
                               ReplayOptions options = {}) {
    RecordingReader reader = Recorded(RequestEventEntry(request, response));
    Answer({now});
    EXPECT_THAT(Replay(&reader, options), IsOk());
    return report_;
  }

  // Writes its report to report_.
  absl::Status Replay(RecordingReader* reader, ReplayOptions options = {}) {
    report_.Clear();
    return tool::Replay(reader, &client_, options, &report_);
  }

  std::string Text() const { return ReplayText(report_, absl::UTCTimeZone()); }

  ScopedTempDir directory_;
  FakeAgent agent_;
  FakeAgentClient client_{&agent_};
  report::ReplayReport report_;
};

constexpr char kGet[] = "get { oids: '.1.3.1' }";
constexpr char kGetNext[] = "get_next { ranges { start: '.1.3' } }";
constexpr char kSet[] = "set { bindings { oid: '.1.3.1' integer: 7 } }";
constexpr char kFive[] = "bindings { oid: '.1.3.1' integer: 5 }";

TEST_F(ReplayTest, SendsTheSameRequestsInTheSameOrder) {
  RecordingReader reader = Recorded(
      RequestEventEntry(kGet, kFive) + RequestEventEntry(kGetNext, kFive) +
      RequestEventEntry("get_bulk { max_repetitions: 1 ranges { start: "
                        "'.1.3' } }",
                        kFive));
  Answer({kFive, kFive, kFive});
  ASSERT_THAT(Replay(&reader), IsOk());
  EXPECT_EQ(report_.requests(), 3u);
  EXPECT_THAT(report_.differences(), IsEmpty());
  EXPECT_EQ(report_.value_differences(), 0u);
  EXPECT_THAT(
      agent_.requests,
      ElementsAre(
          "get { oids: \".1.3.1\" }", "get_next { ranges { start: \".1.3\" } }",
          "get_bulk { max_repetitions: 1 ranges { start: \".1.3\" } }"));
  EXPECT_EQ(Text(), "3 requests replayed: 0 differences\n");
}

TEST_F(ReplayTest, ShowsOtherNames) {
  const report::ReplayReport report =
      Compare(kGetNext, kFive, "bindings { oid: '.1.3.2' integer: 5 }");
  EXPECT_EQ(ReplayText(report, absl::UTCTimeZone()),
            R"(1970-01-01 00:00:05.250  getnext .1.3
  recorded  .1.3.1 = INTEGER: 5
  now       .1.3.2 = INTEGER: 5

1 request replayed: 1 difference
)");
}

TEST_F(ReplayTest, ShowsOtherTypes) {
  const report::ReplayReport report =
      Compare(kGet, kFive, "bindings { oid: '.1.3.1' gauge32: 5 }");
  ASSERT_THAT(report.differences(), SizeIs(1));
  EXPECT_EQ(report.differences(0).request(), "get .1.3.1");
  EXPECT_EQ(report.differences(0).recorded(), ".1.3.1 = INTEGER: 5");
  EXPECT_EQ(report.differences(0).now(), ".1.3.1 = Gauge32: 5");
  EXPECT_FALSE(report.differences(0).value_only());
}

TEST_F(ReplayTest, ShowsWhatIsNowAbsent) {
  const report::ReplayReport get = Compare(
      kGet, kFive, "bindings { oid: '.1.3.1' exception: NO_SUCH_INSTANCE }");
  ASSERT_THAT(get.differences(), SizeIs(1));
  EXPECT_THAT(get.differences(0).now(), HasSubstr("No Such Instance"));
  const report::ReplayReport next = Compare(
      kGetNext, kFive, "bindings { oid: '.1.3' exception: END_OF_MIB_VIEW }");
  ASSERT_THAT(next.differences(), SizeIs(1));
  EXPECT_THAT(next.differences(0).now(), HasSubstr("No more variables"));
}

TEST_F(ReplayTest, AllExceptionsForAbsentNamesAreEqual) {
  EXPECT_THAT(
      Compare(kGet, "bindings { oid: '.1.3.1' exception: NO_SUCH_OBJECT }",
              "bindings { oid: '.1.3.1' exception: NO_SUCH_INSTANCE }")
          .differences(),
      IsEmpty());
}

TEST_F(ReplayTest, AllEndsAreEqual) {
  constexpr char kEnd[] = "bindings { oid: '.1.3' exception: END_OF_MIB_VIEW }";
  EXPECT_THAT(Compare(kGetNext, kEnd, kEnd).differences(), IsEmpty());
}

TEST_F(ReplayTest, CountsOtherValuesAndShowsThemWithTheOption) {
  const char kSix[] = "bindings { oid: '.1.3.1' integer: 6 }";
  const report::ReplayReport report = Compare(kGet, kFive, kSix);
  EXPECT_THAT(report.differences(), IsEmpty());
  EXPECT_EQ(report.value_differences(), 1u);
  EXPECT_EQ(ReplayText(report, absl::UTCTimeZone()),
            "1 request replayed: 0 differences, and 1 in values only "
            "(--values shows them)\n");
  const report::ReplayReport shown =
      Compare(kGet, kFive, kSix, {/*values=*/true, /*sets=*/false});
  EXPECT_EQ(ReplayText(shown, absl::UTCTimeZone()),
            R"(1970-01-01 00:00:05.250  get .1.3.1
  recorded  .1.3.1 = INTEGER: 5
  now       .1.3.1 = INTEGER: 6

1 request replayed: 0 differences, and 1 in values only
)");
}

TEST_F(ReplayTest, ShowsAnotherNumberOfBindings) {
  const report::ReplayReport report =
      Compare("get_bulk { max_repetitions: 2 ranges { start: '.1.3' } }", kFive,
              absl::StrCat(kFive, " ", kFive));
  ASSERT_THAT(report.differences(), SizeIs(1));
  EXPECT_EQ(report.differences(0).request(), "getbulk .1.3 ×2");
  EXPECT_EQ(report.differences(0).recorded(), "1 binding");
  EXPECT_EQ(report.differences(0).now(), "2 bindings");
}

TEST_F(ReplayTest, SkipsSets) {
  RecordingReader reader = Recorded(RequestEventEntry(kSet, "") +
                                    RequestEventEntry("commit_set { }", ""));
  ASSERT_THAT(Replay(&reader), IsOk());
  EXPECT_THAT(agent_.requests, IsEmpty());
  EXPECT_EQ(Text(),
            "0 requests replayed: 0 differences\n"
            "2 sets not replayed, since a set would change the agent (--sets "
            "replays them)\n");
}

TEST_F(ReplayTest, SendsSetsWithTheOptionAndShowsOtherErrors) {
  const report::ReplayReport report = Compare(
      kSet, "", "error: WRONG_VALUE error_index: 1", {false, /*sets=*/true});
  EXPECT_EQ(report.sets_skipped(), 0u);
  ASSERT_THAT(report.differences(), SizeIs(1));
  EXPECT_EQ(report.differences(0).request(), "set .1.3.1 = INTEGER: 7");
  EXPECT_EQ(report.differences(0).recorded(), "noError");
  EXPECT_EQ(report.differences(0).now(), "wrongValue of binding 1");
}

TEST_F(ReplayTest, ShowsAnotherErrorIndex) {
  const report::ReplayReport report =
      Compare(kSet, "error: WRONG_VALUE error_index: 1",
              "error: WRONG_VALUE error_index: 2", {false, /*sets=*/true});
  ASSERT_THAT(report.differences(), SizeIs(1));
  EXPECT_EQ(report.differences(0).now(), "wrongValue of binding 2");
}

TEST_F(ReplayTest, ComparesTypesWhereValuesWereLeftOut) {
  RecordingReader reader = Recorded(
      RequestEventEntry(kGet, "bindings { oid: '.1.3.1' ip_address: '' }") +
          RequestEventEntry(kGet, "bindings { oid: '.1.3.1' ip_address: '' }"),
      "format_version: 2 values_redacted: true");
  Answer({"bindings { oid: '.1.3.1' ip_address: '10.0.0.1' }",
          "bindings { oid: '.1.3.1' octet_string: 'secret' }"});
  ASSERT_THAT(Replay(&reader, {/*values=*/true, /*sets=*/false}), IsOk());
  EXPECT_EQ(Text(),
            R"(1970-01-01 00:00:05.250  get .1.3.1
  recorded  .1.3.1 = ip_address
  now       .1.3.1 = octet_string

2 requests replayed: 1 difference
no values were recorded: only types were compared
)");
}

TEST_F(ReplayTest, FailsForSetsWhoseValuesWereLeftOut) {
  RecordingReader reader = Recorded(RequestEventEntry(kSet, ""),
                                    "format_version: 2 values_redacted: true");
  Answer({""});
  EXPECT_THAT(Replay(&reader, {false, /*sets=*/true}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("agent.rec: values were redacted")));
  EXPECT_THAT(agent_.requests, IsEmpty());
}

TEST_F(ReplayTest, SkipsRequestsWithoutObjects) {
  RecordingReader reader = Recorded(
      RecordingEntryBytes("event { request_event { received: 'PING\\n' } }") +
      RecordingEntryBytes("event { update { root: '.1.3' } }") +
      RecordingEntryBytes("event { error { code: 5 } }") +
      RequestEventEntry("dump { }", "") +
      RequestEventEntry("describe { }", ""));
  EXPECT_THAT(Replay(&reader), IsOk());
  EXPECT_EQ(report_.requests(), 0u);
}

TEST_F(ReplayTest, ReportsProblemsOfTheRecording) {
  RecordingReader reader = Recorded(RecordingEntryBytes("lost: 12") +
                                    RequestEventEntry(kGet, kFive) + "\x05");
  Answer({kFive});
  EXPECT_THAT(Replay(&reader), IsOk());
  EXPECT_EQ(Text(),
            "1 request replayed: 0 differences\n"
            "12 events missing from the recording: the disk was too slow, or "
            "full\n"
            "the recording ends within an entry: its program was killed\n");
}

TEST_F(ReplayTest, EndsWithTheAgentAndShowsTheLastRequest) {
  RecordingReader reader = Recorded(RequestEventEntry(kGet, kFive) +
                                    RequestEventEntry(kGetNext, kFive) +
                                    RequestEventEntry(kGet, kFive));
  Answer({"bindings { oid: '.1.3.1' gauge32: 5 }"});
  EXPECT_THAT(Replay(&reader),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("closed")));
  EXPECT_EQ(Text(), R"(1970-01-01 00:00:05.250  get .1.3.1
  recorded  .1.3.1 = INTEGER: 5
  now       .1.3.1 = Gauge32: 5
1970-01-01 00:00:05.250  getnext .1.3
  recorded  .1.3.1 = INTEGER: 5
  now       no answer: the agent closed the connection

2 requests replayed: 2 differences
)");
}

TEST_F(ReplayTest, EndsAtAnErrorOfTheRecording) {
  RecordingReader broken = Recorded("not an entry");
  EXPECT_THAT(Replay(&broken), StatusIs(absl::StatusCode::kInvalidArgument,
                                        HasSubstr("agent.rec: damaged at ")));
}

TEST_F(ReplayTest, OverwrittenBytesAreNotADifferenceOfValues) {
  constexpr char kText[] =
      "bindings { oid: '.1.3.1' octet_string: 'abcdefghij' }";
  std::string entry = RequestEventEntry(kGet, kText);
  entry.replace(entry.find("abcdefghij"), 10, "0123456789");
  RecordingReader broken = Recorded(RequestEventEntry(kGet, kText) + entry);
  Answer({kText, kText});
  EXPECT_THAT(Replay(&broken),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("wrong checksum of a message of ")));
  EXPECT_EQ(report_.requests(), 1u);
  EXPECT_EQ(report_.value_differences(), 0u);
}

TEST_F(ReplayTest, ARecordingCanNotControlTheTerminal) {
  const report::ReplayReport report =
      Compare("get { oids: '\\033[2J' }", kFive,
              "bindings { oid: '.1.3.1' octet_string: '\\033[2J' }");
  EXPECT_THAT(ReplayText(report, absl::UTCTimeZone()),
              testing::Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace passpersist::tool
