// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/replay_command.h"

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "tools/passpersist/client/agent_client.h"
#include "tools/passpersist/client/testing/fake_agent_client.h"
#include "tools/passpersist/command/command.h"
#include "tools/passpersist/command/console.h"
#include "tools/passpersist/command/options.h"
#include "tools/passpersist/replay/replay_report.pb.h"
#include "tools/passpersist/text/message_text.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"
#include "transport/recording/testing/recording_test_entry.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::FakeAgent;
using passpersist_testing::FakeAgentClient;
using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::RecordingEntryBytes;
using passpersist_testing::ScopedTempDir;
using passpersist_testing::StatusIs;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kPath[] = "agent.rec";

class ReplayCommandTest : public testing::Test {
 protected:
  // Writes a recording of one get: .1.3.1 was 5.
  ReplayCommandTest() {
    options_.socket = "agent.sock";
    std::ofstream(kPath, std::ios::binary)
        << RecordingEntryBytes("header { format_version: 2 }")
        << RecordingEntryBytes(
               "event { request_event { received: 'get\\n.1.3.1\\n' "
               "sent: '.1.3.1\\nINTEGER\\n5\\n' "
               "request { get { oids: '.1.3.1' } } "
               "response { bindings { oid: '.1.3.1' integer: 5 } } } }");
  }

  void Answer(const std::string& text) {
    agent_.answers.push_back(FromText<debug::Response>(text));
  }

  Context MakeContext() {
    Context::Parts parts;
    parts.options = options_;
    parts.console = &console_;
    parts.connect =
        [this](const Context&) -> absl::StatusOr<std::unique_ptr<AgentClient>> {
      return std::make_unique<FakeAgentClient>(&agent_);
    };
    return Context(std::move(parts));
  }

  absl::Status Replay(const std::string& path = kPath) {
    Context context = MakeContext();
    return ReplayCommand(context, {path});
  }

  ScopedTempDir directory_;
  Options options_;
  FakeAgent agent_;
  std::ostringstream output_;
  std::ostringstream errors_;
  Console console_{&output_, &errors_, {}};
};

TEST_F(ReplayCommandTest, SucceedsWithoutDifferences) {
  Answer("bindings { oid: '.1.3.1' integer: 5 }");
  EXPECT_THAT(Replay(), IsOk());
  EXPECT_EQ(output_.str(), "1 request replayed: 0 differences\n");
}

TEST_F(ReplayCommandTest, FailsForDifferencesExceptInValues) {
  Answer("bindings { oid: '.1.3.1' gauge32: 5 }");
  EXPECT_THAT(Replay(), StatusIs(absl::StatusCode::kFailedPrecondition, ""));
  EXPECT_THAT(output_.str(), HasSubstr("now       .1.3.1 = Gauge32: 5\n"));
  options_.values = true;
  Answer("bindings { oid: '.1.3.1' integer: 6 }");
  EXPECT_THAT(Replay(), IsOk());
  EXPECT_THAT(output_.str(), HasSubstr("now       .1.3.1 = INTEGER: 6\n"));
}

TEST_F(ReplayCommandTest, PrintsAMessageForPrograms) {
  options_.format = Format::kJson;
  Answer("bindings { oid: '.1.3.1' gauge32: 5 }");
  EXPECT_FALSE(Replay().ok());
  report::ReplayReport report;
  EXPECT_TRUE(
      google::protobuf::util::JsonStringToMessage(output_.str(), &report).ok());
  EXPECT_THAT(report, IsMessage(R"(
    requests: 1
    differences {
      time { }
      request: 'get .1.3.1'
      recorded: '.1.3.1 = INTEGER: 5'
      now: '.1.3.1 = Gauge32: 5'
    }
  )"));
}

TEST_F(ReplayCommandTest, AnUnreadableFileIsAnErrorOfTheCommandLine) {
  EXPECT_THAT(Replay("absent.rec"), StatusIs(absl::StatusCode::kInvalidArgument,
                                             HasSubstr("opening absent.rec")));
  EXPECT_THAT(agent_.requests, IsEmpty());
}

TEST_F(ReplayCommandTest, NamesThePlaceOfDamage) {
  std::ofstream(kPath, std::ios::binary | std::ios::app) << "not an entry";
  Answer("bindings { oid: '.1.3.1' integer: 5 }");
  EXPECT_THAT(Replay(), StatusIs(absl::StatusCode::kFailedPrecondition,
                                 HasSubstr("agent.rec: damaged at byte ")));
  EXPECT_EQ(output_.str(), "1 request replayed: 0 differences\n");
  Context context = MakeContext();
  EXPECT_THAT(TranscriptCommand(context, {kPath}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("agent.rec: damaged at byte ")));
}

TEST_F(ReplayCommandTest, ReportsTheRequestThatGotNoAnswer) {
  EXPECT_THAT(Replay(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("closed")));
  EXPECT_THAT(output_.str(), HasSubstr("get .1.3.1\n"));
  EXPECT_THAT(output_.str(), HasSubstr("now       no answer: "));
}

TEST_F(ReplayCommandTest, PrintsATranscriptWithoutAnAgent) {
  options_.socket.clear();
  Context context = MakeContext();
  EXPECT_THAT(TranscriptCommand(context, {kPath}), IsOk());
  EXPECT_THAT(output_.str(),
              HasSubstr("> get\n> .1.3.1\n< .1.3.1\n< INTEGER\n< 5\n"));
  EXPECT_THAT(TranscriptCommand(context, {"absent.rec"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("opening absent.rec")));
}

}  // namespace
}  // namespace passpersist::tool
