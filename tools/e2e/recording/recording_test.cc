// SPDX-License-Identifier: Apache-2.0
//
// Requests of snmpd are recorded, replayed, and converted to a transcript.
#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/passpersist/client/program_client.h"
#include "tools/passpersist/client/socket_client.h"
#include "tools/passpersist/replay/recording_transcript.h"
#include "tools/passpersist/replay/replay.h"
#include "tools/passpersist/replay/replay_report.pb.h"
#include "tools/process/testing/wait.h"
#include "tools/runfile.h"
#include "tools/transcript/testing/transcript_player.h"
#include "tools/transcript/transcript.h"
#include "transport/debug/debug.pb.h"
#include "transport/recording/recording_reader.h"

namespace passpersist_testing {
namespace {

using passpersist::RecordingReader;
using passpersist::report::ReplayReport;
using passpersist::tool::AgentClient;
using passpersist::tool::ParseTranscript;
using passpersist::tool::ProgramClient;
using passpersist::tool::ReplayOptions;
using passpersist::tool::SocketClient;
using passpersist::tool::Transcript;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class RecordingTest : public PlaypenTest {
 protected:
  void SetUp() override {
    StartSnmpd({AgentLine(kPlaypen, "recording/recording_agent",
                          {PathOf("agent.rec"), SocketPath()})});
    ASSERT_FALSE(HasFatalFailure());
    EXPECT_THAT(client().Walk("").bindings, SizeIs(6));
    client().Get({"9.0"});
    EXPECT_EQ(client().Set("1.0", "i", "7").exit_status, 0);
    EXPECT_EQ(client().Set("4.0", "i", "7").error, "wrongValue");
    EXPECT_THAT(client().Get({"1.0"}).bindings,
                ElementsAre("1.0 = INTEGER: 7"));
    // The recorder writes a little later.
    ASSERT_TRUE(Eventually([this] {
      return absl::StrContains(
          Events(PathOf("agent.rec")).back().request_event().sent(),
          "INTEGER\n7\n");
    }));
  }

  std::string SocketPath() const { return SocketPathOf("agent.sock"); }

  static std::vector<passpersist::debug::Event> Events(
      const std::string& path) {
    std::vector<passpersist::debug::Event> events(1);
    absl::StatusOr<RecordingReader> reader = RecordingReader::Open(path);
    while (reader.ok() && reader->Next(&events.back()).value()) {
      events.emplace_back();
    }
    if (events.size() > 1) events.pop_back();
    return events;
  }

  ReplayReport Replay(AgentClient* agent, const ReplayOptions& options) const {
    RecordingReader reader = RecordingReader::Open(PathOf("agent.rec")).value();
    ReplayReport report;
    EXPECT_TRUE(
        passpersist::tool::Replay(&reader, agent, options, &report).ok());
    return report;
  }

  // Another process of the agent, not started by snmpd.
  std::unique_ptr<AgentClient> StartAgent(
      const std::vector<std::string>& arguments = {}) const {
    std::vector<std::string> command = {
        Runfile("tools/e2e/recording/recording_agent"), PathOf("other.rec"),
        SocketPathOf("other.sock")};
    command.insert(command.end(), arguments.begin(), arguments.end());
    ProgramClient::Options options;
    options.limit = kTimeout;
    return ProgramClient::Start(command, options).value();
  }
};

// "getnext 1.0: 2.0 = STRING: "text" -> 2.0 = Gauge32: 5".
std::vector<std::string> Differences(const ReplayReport& report) {
  std::vector<std::string> texts;
  for (const ReplayReport::Difference& difference : report.differences()) {
    texts.push_back(absl::StrReplaceAll(
        absl::StrCat(difference.request(), ": ", difference.recorded(), " -> ",
                     difference.now()),
        {{absl::StrCat(kPlaypen, "."), ""}}));
  }
  return texts;
}

TEST_F(RecordingTest, TheSameAgentAnswersTheSame) {
  const auto agent = SocketClient::Connect(SocketPath(), kTimeout).value();
  const ReplayReport report = Replay(agent.get(), {});
  EXPECT_THAT(Differences(report), IsEmpty());
  EXPECT_EQ(report.sets_skipped(), 2u);
  // The agent keeps the value of the set, so reads before the set differ, too.
  EXPECT_GT(report.value_differences(), 0u);
  EXPECT_THAT(client().Get({"1.0"}).bindings, ElementsAre("1.0 = INTEGER: 7"));
}

TEST_F(RecordingTest, AnotherProcessOfTheAgentAnswersTheSameWithTheSets) {
  const ReplayReport report =
      Replay(StartAgent().get(), {/*values=*/true, /*sets=*/true});
  EXPECT_THAT(Differences(report), IsEmpty());
  EXPECT_EQ(report.sets_skipped(), 0u);
  EXPECT_EQ(report.value_differences(), 0u);
  EXPECT_GT(report.requests(), 10u);
}

TEST_F(RecordingTest, AChangedAgentDiffersWhereItWasChanged) {
  const ReplayReport report =
      Replay(StartAgent({"changed"}).get(), {/*values=*/false, /*sets=*/true});
  EXPECT_THAT(
      Differences(report),
      ElementsAre("getnext 1.0: 2.0 = STRING: \"text\" -> 2.0 = Gauge32: 5",
                  "getnext 3.1: 3.2 = Counter32: 2 -> 3.3 = Counter32: 3",
                  "set 4.0 = INTEGER: 7: wrongValue of binding 1 -> "
                  "inconsistentValue of binding 1"));
  EXPECT_GT(report.value_differences(), 0u);
}

TEST_F(RecordingTest, ATranscriptOfTheSessionPlays) {
  RecordingReader reader = RecordingReader::Open(PathOf("agent.rec")).value();
  const std::string text =
      passpersist::tool::RecordingTranscript(&reader, absl::UTCTimeZone())
          .value();
  const absl::StatusOr<Transcript> transcript = ParseTranscript(text);
  ASSERT_TRUE(transcript.ok()) << transcript.status() << "\n" << text;
  EXPECT_THAT(transcript->instances, SizeIs(6));
  EXPECT_EQ(FormatEvents(Play(*transcript)), FormatEvents(transcript->events))
      << text;
}

TEST_F(RecordingTest, AKilledAgentLeavesARecordingToTheNextAgent) {
  const size_t events = Events(PathOf("agent.rec")).size();
  KillAgent();
  EXPECT_THAT(client().Get({"1.0"}).bindings, ElementsAre("1.0 = INTEGER: 5"));
  ASSERT_TRUE(Eventually([this] {
    return absl::EndsWith(
        Events(PathOf("agent.rec")).back().request_event().sent(),
        "INTEGER\n5\n");
  }));
  EXPECT_THAT(Events(PathOf("agent.rec.1")), SizeIs(events));
}

TEST_F(RecordingTest, AgentsThatAreKilledAfterEachRequestLeaveTheFirstFile) {
  const size_t events = Events(PathOf("agent.rec")).size();
  for (int i = 0; i < 6; ++i) {
    KillAgent();
    EXPECT_THAT(client().Get({"2.0"}).bindings, SizeIs(1));
    const pid_t pid = Agent().pid();
    ASSERT_TRUE(Eventually([&] {
      const absl::StatusOr<RecordingReader> reader =
          RecordingReader::Open(PathOf("agent.rec"));
      return reader.ok() && reader->header().pid() == pid;
    }));
  }
  EXPECT_THAT(Events(PathOf("agent.rec.3")), SizeIs(events));
}

}  // namespace
}  // namespace passpersist_testing
