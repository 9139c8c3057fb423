// SPDX-License-Identifier: Apache-2.0
//
// AddHealthSubtree() by Net-SNMP's tools and the names of its MIB module.

#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using testing::_;
using testing::AllOf;
using testing::AnyOf;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

using Rows = std::vector<std::vector<std::string>>;

// Returns the first number in a text; 0 if there is none.
uint64_t NumberIn(const std::string& text) {
  uint64_t number = 0;
  std::istringstream(text) >> number;
  return number;
}

class HealthTest : public PlaypenTest {
 protected:
  HealthTest() {
    const std::string mibs = Runfile("testdata/mibs");
    options().mib_modules = {"PASSPERSIST-HEALTH-MIB"};
    options().mib_directories = {mibs, mibs + "/stand_ins"};
  }

  static std::string LineOf(const std::string& base,
                            const std::vector<std::string>& arguments = {}) {
    return AgentLine(base, "tables/health_agent", arguments);
  }

  // Starts the agent. Returns its table as soon as a run hangs.
  Rows StartWithARunThatHangs() {
    StartSnmpd({LineOf(kPlaypen)});
    Rows table;
    EXPECT_TRUE(Eventually([&] {
      table = client().Table("healthSubtreeTable");
      return table.size() == 5 && table[1].size() == 12 && table[1][5] != "?";
    }));
    return table;
  }

  // Of TimeTicks.
  uint64_t Number(const std::string& name) {
    return NumberIn(client().Run("snmpget", {"-Oqvt"}, {name}).output);
  }
};

TEST_F(HealthTest, ARowShowsTheStateOfItsSubtree) {
  const Rows table = StartWithARunThatHangs();
  ASSERT_THAT(table, SizeIs(5));
  const auto root = [](int i) {
    return absl::StrCat("NET-SNMP-MIB::netSnmpPlaypen.", i);
  };
  EXPECT_THAT(table[1],
              ElementsAre("1", root(1), "1 updates", "0 updates", "0 updates",
                          HasSubstr(":"), EndsWith("of a second"),
                          EndsWith("microseconds"), "0 errors", "1 instances",
                          EndsWith("octets"), ""));
  EXPECT_THAT(
      table[2],
      ElementsAre("2", root(2), "1 updates", "1 updates", "0 updates", "?", "?",
                  EndsWith("microseconds"), "0 errors", "0 instances",
                  EndsWith("octets"),
                  AllOf(StartsWith("NOT_FOUND: "), EndsWith("no sensor"))));
  EXPECT_THAT(
      table[3],
      ElementsAre("3", root(3), Not("1 updates"), "0 updates", Not("0 updates"),
                  _, EndsWith("of a second"), EndsWith("microseconds"),
                  "1 errors", "1 instances", EndsWith("octets"), ""));
  EXPECT_THAT(table[4],
              ElementsAre("4", root(4), "?", "?", "?", "?", "?", "?", "?",
                          "1 instances", EndsWith("octets"), "?"));
}

TEST_F(HealthTest, TheTypesAreThoseOfTheModule) {
  StartWithARunThatHangs();
  const std::string walk =
      client().Run("snmpwalk", {"-OS"}, {"passpersistHealthMIB"}).output;
  EXPECT_THAT(walk, HasSubstr("::healthSubtreeRunningSince.1 = Timeticks: ("));
  EXPECT_THAT(walk, HasSubstr("::healthLateAnswers.0 = Counter64: 0 requests"));
  EXPECT_THAT(walk, Not(HasSubstr("Wrong Type")));
  EXPECT_THAT(walk, Not(HasSubstr("netSnmpPlaypen.21")));
}

TEST_F(HealthTest, ARunBeganInTheTimeOfSnmpd) {
  StartWithARunThatHangs();
  const uint64_t begin = Number("healthSubtreeRunningSince.1");
  EXPECT_THAT(begin, Ge(100u)) << "the period is a second";
  EXPECT_THAT(begin, Le(Number(".1.3.6.1.2.1.1.3.0")));
}

TEST_F(HealthTest, WithRootsEachProcessTellsOfWhatItServes) {
  const std::string root = absl::StrCat(kPlaypen, ".3");
  const std::string health = absl::StrCat(kPlaypen, ".21");
  StartSnmpd(
      {LineOf(root, {"--root", root}), LineOf(health, {"--root", health})});
  EXPECT_THAT(client().Walk("").bindings,
              AllOf(SizeIs(7), Each(AnyOf(StartsWith("3.1.0 = "),
                                          StartsWith("21.1.1.")))));
}

}  // namespace
}  // namespace passpersist_testing
