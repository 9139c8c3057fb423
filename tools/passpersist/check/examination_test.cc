// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/examination.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

CheckOptions Shell(const std::string& script) {
  CheckOptions options;
  options.command = {"/bin/sh", "-c", script};
  options.limit = absl::Seconds(60);
  options.slow = absl::Seconds(60);
  return options;
}

std::vector<std::string> Ids(Examination& examination) {
  std::vector<std::string> ids;
  for (const Finding& finding : examination.Finish()) ids.push_back(finding.id);
  return ids;
}

// Returns the finding for a program that gets a PING and then a get of .1.3,
// whether or not it has answered the PING.
Finding FindingOf(const std::string& script) {
  Examination examination(Shell(script));
  examination.RunProgram([&](Conversation& conversation) {
    const absl::StatusOr<PassPersistReply> reply =
        conversation.client().Get(".1.3");
    ASSERT_FALSE(reply.ok());
    examination.ReportBroken(reply.status(), conversation);
  });
  const std::vector<Finding> findings = examination.Finish();
  EXPECT_EQ(findings.size(), 1u);
  EXPECT_FALSE(examination.in_sync());
  return findings.empty() ? Finding() : findings[0];
}

TEST(ExaminationTest, StartsTheProgramForEachRun) {
  Examination examination(Shell("read ping; echo PONG; read more"));
  for (int i = 0; i < 2; ++i) {
    examination.RunProgram([](Conversation& conversation) {
      EXPECT_THAT(conversation.client().Ping(), IsOk());
    });
  }
  EXPECT_THAT(Ids(examination), IsEmpty());
}

TEST(ExaminationTest, StopsIfTheProgramCanNotBeStarted) {
  CheckOptions options;
  options.command = {"/no/such/program"};
  Examination examination(std::move(options));
  examination.RunProgram(
      [](Conversation&) { FAIL() << "there is no program"; });
  EXPECT_TRUE(examination.stopped());
  EXPECT_THAT(examination.start_status(),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/no/such")));
}

TEST(ExaminationTest, KeepsTheFirstFindingOfAnIdAndCountsTheOthers) {
  Examination examination(Shell(""));
  for (const char* const id : {"order", "gap", "order", "order"}) {
    examination.Report({Finding::Severity::kError, id, "something", "", ""});
  }
  EXPECT_THAT(Ids(examination), ElementsAre("order", "gap"));
  EXPECT_EQ(examination.Finish()[0].what, "something (and 2 more)");
  EXPECT_EQ(examination.Finish()[1].what, "something");
  EXPECT_TRUE(examination.Has("gap"));
  EXPECT_FALSE(examination.Has("type"));
}

TEST(ExaminationTest, LeavesOutWhatAnotherFindingExplains) {
  Examination examination(Shell(""));
  examination.Report({Finding::Severity::kError, "before", "", "", ""});
  examination.Explain("before");
  examination.Explain("after");
  for (const char* const id : {"cause", "after"}) {
    examination.Report({Finding::Severity::kError, id, "", "", ""});
  }
  EXPECT_THAT(Ids(examination), ElementsAre("cause"));
  EXPECT_TRUE(examination.Has("before"));
}

TEST(ExaminationTest, ErrorsComeBeforeWarnings) {
  Examination examination(Shell(""));
  examination.Report({Finding::Severity::kWarning, "joined", "", "", ""});
  for (const char* const id : {"set", "eof"}) {
    examination.Report({Finding::Severity::kError, id, "", "", ""});
  }
  EXPECT_THAT(Ids(examination), ElementsAre("set", "eof", "joined"));
}

TEST(ExaminationTest, ReportsStandardError) {
  Examination examination(Shell("read p; echo oops >&2; echo PONG; read more"));
  examination.RunProgram([](Conversation& conversation) {
    EXPECT_THAT(conversation.client().Ping(), IsOk());
  });
  ASSERT_THAT(Ids(examination), ElementsAre("stderr"));
  EXPECT_THAT(examination.Finish()[0].what, HasSubstr("\"oops\\n\""));
}

TEST(ExaminationTest, IgnoresStandardErrorAfterTheEndOfTheInput) {
  Examination examination(
      Shell("read p; echo PONG; read more || echo interrupted >&2"));
  examination.RunProgram([](Conversation& conversation) {
    EXPECT_THAT(conversation.client().Ping(), IsOk());
    conversation.CloseInput();
    EXPECT_TRUE(conversation.program().Wait(absl::Seconds(60)).has_value());
  });
  EXPECT_THAT(Ids(examination), IsEmpty());
}

TEST(ExaminationTest, ReportsHowAProgramEnded) {
  const Finding finding =
      FindingOf("read p; echo PONG; read g; echo why >&2; exit 7");
  EXPECT_EQ(finding.id, "exits");
  EXPECT_THAT(finding.what, HasSubstr("(exit status 7)"));
  EXPECT_THAT(finding.what, HasSubstr("\"why\""));
}

TEST(ExaminationTest, ReportsAnExtraLineInPlaceOfThePong) {
  const Finding finding = FindingOf("read p; echo hello; read more");
  EXPECT_EQ(finding.id, "extra-lines");
  EXPECT_THAT(finding.what, HasSubstr("\"hello\""));
  EXPECT_EQ(finding.evidence, "> PING\n< hello\n");
}

TEST(ExaminationTest, ReportsANameThatIsNotAnOid) {
  EXPECT_EQ(FindingOf("read p; echo PONG; read g; read n; echo iso; read p").id,
            "name");
}

TEST(ExaminationTest, WarnsOfTheSlowestAnswer) {
  CheckOptions options = Shell("read p; echo PONG; read more");
  options.slow = absl::ZeroDuration();
  Examination examination(std::move(options));
  examination.RunProgram([](Conversation& conversation) {
    EXPECT_THAT(conversation.client().Ping(), IsOk());
  });
  ASSERT_THAT(Ids(examination), ElementsAre("slow"));
  EXPECT_THAT(examination.Finish()[0].what, HasSubstr("\"PING\""));
}

}  // namespace
}  // namespace passpersist::tool
