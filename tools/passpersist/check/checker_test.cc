// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/checker.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/testing/status_matchers.h"
#include "tools/passpersist/check/testing/checker_fixture.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Oid& SettableName() {
  static const Oid& name = *new Oid(Concat(FaultyBase(), {1, 0}));
  return name;
}

TEST(CheckerTest, GuessesTheBaseFromTheNames) {
  CheckOptions options = FaultyOptions("none");
  options.base = std::nullopt;
  const CheckReport report = Check(options);
  EXPECT_TRUE(report.base_guessed);
  EXPECT_EQ(report.base, FaultyBase());
  EXPECT_THAT(Ids(report), IsEmpty()) << Text(report);
}

TEST(CheckerTest, ReportsThatTheBaseCanNotBeGuessed) {
  const CheckReport report = Check(
      Options({"/bin/sh", "-c",
               "while read command; do case $command in PING) echo PONG ;;"
               " *) read name; echo NONE ;; esac; done"}));
  EXPECT_THAT(Ids(report), ElementsAre("no-base"));
  EXPECT_TRUE(report.base.empty());
}

TEST(CheckerTest, CountsTheNamesOfTheWalk) {
  const CheckReport report = Check(FaultyOptions("none"));
  EXPECT_EQ(report.names, 11u);
  EXPECT_FALSE(report.base_guessed);
  EXPECT_FALSE(report.walk_cut);
}

TEST(CheckerTest, CutsAWalkThatTakesTooLong) {
  CheckOptions options = FaultyOptions("none");
  options.round_limit = absl::ZeroDuration();
  const CheckReport report = Check(options);
  EXPECT_TRUE(report.walk_cut);
  EXPECT_THAT(Ids(report), IsEmpty()) << Text(report);
}

TEST(CheckerTest, WaitsForAProgramThatStartsSlowly) {
  CheckOptions options = FaultyOptions("slow-start");
  options.round_limit = absl::Milliseconds(200);
  EXPECT_GT(Check(options).names, 1u);
}

TEST(CheckerTest, WarnsOfSlowAnswers) {
  CheckOptions options = FaultyOptions("slow");
  options.slow = absl::Milliseconds(250);
  const CheckReport report = Check(options);
  ASSERT_THAT(Ids(report), testing::Contains("slow"));
  EXPECT_EQ(report.findings.back().severity, Finding::Severity::kWarning);
}

TEST(CheckerTest, CountsRepeatedFindings) {
  const CheckReport report = Check(FaultyOptions("get-finds-nothing"));
  ASSERT_THAT(Ids(report), ElementsAre("get"));
  EXPECT_THAT(report.findings[0].what, HasSubstr("(and 10 more)"));
}

TEST(CheckerTest, CarriesOutTheSetOfTheOptions) {
  CheckOptions options = FaultyOptions("none");
  options.set = {SettableName(), "integer 7"};
  const CheckReport report = Check(options);
  EXPECT_THAT(Ids(report), IsEmpty()) << Text(report);
}

TEST(CheckerTest, FindsASetWithoutEffect) {
  CheckOptions options = FaultyOptions("set-is-forgotten");
  options.set = {SettableName(), "integer 7"};
  const CheckReport report = Check(options);
  EXPECT_THAT(Ids(report), ElementsAre("set-value")) << Text(report);
}

TEST(CheckerTest, FindsASetThatSnmpdWouldNotSend) {
  CheckOptions options = FaultyOptions("none");
  options.set = {Concat(FaultyBase(), {99, 0}), "integer 7"};
  const CheckReport report = Check(options);
  EXPECT_THAT(Ids(report), ElementsAre("set-get")) << Text(report);
}

TEST(CheckerTest, DoesNotSetALongValueOfAPresentName) {
  CheckOptions options = FaultyOptions("rows-can-be-created");
  options.set = {SettableName(), "integer 7"};
  const CheckReport report = Check(options);
  ASSERT_THAT(Ids(report), ElementsAre("set-untried")) << Text(report);
  EXPECT_THAT(report.findings[0].consequence, HasSubstr("long values"));
}

TEST(CheckerTest, FindsABaseThatCrashesSnmpd) {
  CheckOptions options = FaultyOptions("none");
  while (options.base->size() <= 30) options.base->Append(1);
  EXPECT_THAT(Ids(Check(options)), testing::Contains("base-arcs"));
}

TEST(CheckerTest, NamesTheProgramThatCanNotBeStarted) {
  EXPECT_THAT(CheckProgram(Options({"/no/such/program"})),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("can't start /no/such/program")));
}

}  // namespace
}  // namespace passpersist::tool
