// SPDX-License-Identifier: Apache-2.0
//
// Data that cannot be values.

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class BadDatumTest : public PlaypenTest {
 protected:
  void SetUp() override {
    SetNumber("7");
    StartSnmpd({AgentLine(kPlaypen, "faults/bad_datum_agent",
                          {PathOf("number"), PathOf("errors")})});
  }

  // Replaces the file, so that no update reads half of it.
  void SetNumber(const std::string& number) {
    std::ofstream(PathOf("new")) << number << "\n";
    std::filesystem::rename(PathOf("new"), PathOf("number"));
  }

  bool WalkShows(const std::vector<std::string>& bindings) {
    return Eventually([&] { return client().Walk("1").bindings == bindings; });
  }

  // Waits until the next updates have run.
  void AwaitUpdates() {
    const int now = Updates();
    EXPECT_TRUE(Eventually([&] { return Updates() > now + 5; }));
  }

  // The errors that name an instance below `name`.
  std::vector<std::string> ErrorsOf(const std::string& name) const {
    std::vector<std::string> errors;
    std::ifstream file(PathOf("errors"));
    for (std::string line; std::getline(file, line);) {
      if (absl::StrContains(line, absl::StrCat(kPlaypen, ".", name))) {
        errors.push_back(line);
      }
    }
    return errors;
  }

 private:
  int Updates() const {
    const SnmpResult result = client().Get({"3.0"});
    int count = 0;
    if (result.bindings.size() != 1 ||
        !absl::SimpleAtoi(
            absl::StripPrefix(result.bindings[0], "3.0 = INTEGER: "), &count)) {
      ADD_FAILURE() << result;
    }
    return count;
  }
};

TEST_F(BadDatumTest, CostsOneInstanceAndIsReportedOnce) {
  EXPECT_TRUE(WalkShows({"1.1.1 = INTEGER: 7", "1.1.2 = INTEGER: 2",
                         "1.1.3 = INTEGER: 3", "1.2.1 = Gauge32: 7",
                         "1.2.2 = Gauge32: 2"}));
  EXPECT_THAT(ErrorsOf("1"), IsEmpty());
  SetNumber("4000000000.5");
  EXPECT_TRUE(WalkShows({"1.1.2 = INTEGER: 2", "1.1.3 = INTEGER: 3",
                         "1.2.1 = Gauge32: 4000000001", "1.2.2 = Gauge32: 2"}));
  AwaitUpdates();
  EXPECT_THAT(ErrorsOf("1"),
              ElementsAre(AllOf(HasSubstr(".1.1.1 is left out: 4000000000.5"),
                                HasSubstr("OUT_OF_RANGE"))));
  SetNumber("8");
  EXPECT_TRUE(WalkShows({"1.1.1 = INTEGER: 8", "1.1.2 = INTEGER: 2",
                         "1.1.3 = INTEGER: 3", "1.2.1 = Gauge32: 8",
                         "1.2.2 = Gauge32: 2"}));
}

TEST_F(BadDatumTest, AGaugeStaysAtItsLimitAndOfTwoRowsTheLaterIsServed) {
  SetNumber("-5");
  EXPECT_TRUE(WalkShows({"1.1.1 = INTEGER: -5", "1.1.2 = INTEGER: 2",
                         "1.1.3 = INTEGER: 3", "1.2.1 = Gauge32: 0",
                         "1.2.2 = Gauge32: 2"}));
  AwaitUpdates();
  EXPECT_THAT(
      ErrorsOf("1"),
      ElementsAre(HasSubstr(".1.2.1: -5 is not a Gauge32"),
                  AllOf(HasSubstr("row .3 of "), HasSubstr("added twice"))));
}

TEST_F(BadDatumTest, NanIsLeftOut) {
  SetNumber("nan");
  EXPECT_TRUE(WalkShows(
      {"1.1.2 = INTEGER: 2", "1.1.3 = INTEGER: 3", "1.2.2 = Gauge32: 2"}));
}

TEST_F(BadDatumTest, KeepsTheOldContentsOfAStrictSubtree) {
  EXPECT_THAT(client().Walk("2").bindings, ElementsAre("2.1 = INTEGER: 7"));
  SetNumber("5000000000");
  EXPECT_TRUE(Eventually([&] { return !ErrorsOf("2.1").empty(); }));
  EXPECT_THAT(client().Walk("2").bindings, ElementsAre("2.1 = INTEGER: 7"));
  EXPECT_THAT(ErrorsOf("2"), Contains(HasSubstr("update of ")));
  SetNumber("9");
  EXPECT_TRUE(Eventually([&] {
    return client().Walk("2").bindings ==
           std::vector<std::string>{"2.1 = INTEGER: 9"};
  }));
}

}  // namespace
}  // namespace passpersist_testing
