// SPDX-License-Identifier: Apache-2.0
//
// Tables: their order, and rows that are added and removed during walks.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class RowsTest : public PlaypenTest {
 protected:
  void SetUp() override {
    StartSnmpd({AgentLine(kPlaypen, "reads/rows_agent", {PathOf("hide")})});
  }

  bool IsThere(const std::string& name) {
    const SnmpResult get = client().Get({name});
    return get.bindings.size() == 1 &&
           get.bindings[0].find("No Such") == std::string::npos;
  }

  // Remove the even rows of table 2, and add them again. Return when a request
  // shows the change.
  void HideEvenRows() {
    std::ofstream(PathOf("hide")) << "\n";
    ASSERT_TRUE(Eventually([&] { return !IsThere("2.8"); }));
  }
  void ShowEvenRows() {
    std::filesystem::remove(PathOf("hide"));
    ASSERT_TRUE(Eventually([&] { return IsThere("2.8"); }));
  }
};

TEST_F(RowsTest, WalkIsInNumericNotTextualOrder) {
  const auto expected = ElementsAre(
      "1.1.2 = Gauge32: 2", "1.1.10 = Gauge32: 10", "1.1.20 = Gauge32: 20",
      "1.1.100 = Gauge32: 100", "1.1.4294967295 = Gauge32: 4294967295",
      "1.2.2 = STRING: \"row 2\"", "1.2.10 = STRING: \"row 10\"",
      "1.2.20 = STRING: \"row 20\"", "1.2.100 = STRING: \"row 100\"",
      "1.2.4294967295 = STRING: \"row 4294967295\"");
  EXPECT_THAT(client().Walk("1").bindings, expected);
  EXPECT_THAT(client().BulkWalk("1").bindings, expected);
  EXPECT_THAT(client().V1().Walk("1").bindings, expected);
}

TEST_F(RowsTest, GetNextStartsBetweenRows) {
  EXPECT_THAT(client()
                  .GetNext({"1.1", "1.1.0", "1.1.3", "1.1.10.1", "1.1.99",
                            "1.1.101", "1.1.4294967295", "1.1.2.0"})
                  .bindings,
              ElementsAre("1.1.2 = Gauge32: 2", "1.1.2 = Gauge32: 2",
                          "1.1.10 = Gauge32: 10", "1.1.20 = Gauge32: 20",
                          "1.1.100 = Gauge32: 100",
                          "1.1.4294967295 = Gauge32: 4294967295",
                          "1.2.2 = STRING: \"row 2\"", "1.1.10 = Gauge32: 10"));
}

TEST_F(RowsTest, GetBulkReadsSeveralColumns) {
  EXPECT_THAT(client().BulkGet(0, 3, {"1.1", "1.2", "2"}).bindings,
              ElementsAre("1.1.2 = Gauge32: 2", "1.2.2 = STRING: \"row 2\"",
                          "2.1 = Gauge32: 1", "1.1.10 = Gauge32: 10",
                          "1.2.10 = STRING: \"row 10\"", "2.2 = Gauge32: 2",
                          "1.1.20 = Gauge32: 20", "1.2.20 = STRING: \"row 20\"",
                          "2.3 = Gauge32: 3"));
  EXPECT_THAT(client().BulkGet(1, 2, {"2.9", "1.1.20", "1.2.20"}).bindings,
              ElementsAre("2.100 = Gauge32: 100", "1.1.100 = Gauge32: 100",
                          "1.2.100 = STRING: \"row 100\"",
                          "1.1.4294967295 = Gauge32: 4294967295",
                          "1.2.4294967295 = STRING: \"row 4294967295\""));
}

TEST_F(RowsTest, GetBulkContinuesAfterTheEndOfTheTable) {
  const std::vector<std::string> bindings =
      client().BulkGet(0, 5, {"2.9", "1.2.100"}).bindings;
  ASSERT_EQ(bindings.size(), 10u);
  EXPECT_EQ(bindings[0], "2.100 = Gauge32: 100");
  EXPECT_EQ(bindings[1], "1.2.4294967295 = STRING: \"row 4294967295\"");
  EXPECT_THAT(bindings[2], StartsWith("3."));  // the next table
  EXPECT_EQ(bindings[3], "2.1 = Gauge32: 1");
}

TEST_F(RowsTest, WalkContinuesAfterARemovedRow) {
  EXPECT_THAT(client().GetNext({"2.1"}).bindings,
              ElementsAre("2.2 = Gauge32: 2"));
  HideEvenRows();
  EXPECT_THAT(client().GetNext({"2.2"}).bindings,
              ElementsAre("2.3 = Gauge32: 3"));
  // Row 4 is there, too, if not much time has passed: a walk continues in the
  // same snapshot of the table.
  EXPECT_THAT(client().GetNext({"2.3"}).bindings,
              ElementsAre(AnyOf("2.4 = Gauge32: 4", "2.5 = Gauge32: 5")));
  // A new walk begins here.
  EXPECT_THAT(client().GetNext({"2.6"}).bindings,
              ElementsAre("2.7 = Gauge32: 7"));
  EXPECT_THAT(client().GetNext({"2.7"}).bindings,
              ElementsAre("2.9 = Gauge32: 9"));
}

TEST_F(RowsTest, NewWalksSeeTheCurrentRows) {
  const auto all =
      ElementsAre("2.1 = Gauge32: 1", "2.2 = Gauge32: 2", "2.3 = Gauge32: 3",
                  "2.4 = Gauge32: 4", "2.5 = Gauge32: 5", "2.6 = Gauge32: 6",
                  "2.7 = Gauge32: 7", "2.8 = Gauge32: 8", "2.9 = Gauge32: 9",
                  "2.100 = Gauge32: 100");
  const auto odd = ElementsAre("2.1 = Gauge32: 1", "2.3 = Gauge32: 3",
                               "2.5 = Gauge32: 5", "2.7 = Gauge32: 7",
                               "2.9 = Gauge32: 9", "2.100 = Gauge32: 100");
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(client().Walk("2").bindings, all);
    HideEvenRows();
    EXPECT_THAT(client().Walk("2").bindings, odd);
    EXPECT_THAT(client().BulkWalk("2").bindings, odd);
    EXPECT_THAT(client().GetNext({"2.3"}).bindings,
                ElementsAre("2.5 = Gauge32: 5"));
    EXPECT_THAT(client().Get({"2.4"}).bindings,
                ElementsAre(HasSubstr("No Such Instance")));
    ShowEvenRows();
  }
}

// Each walk ends, is in order, and has every row that is always present.
TEST_F(RowsTest, WalksWorkWhileRowsAreAddedAndRemoved) {
  for (int i = 0; i < 10; ++i) {
    const SnmpResult walk =
        i % 2 == 0 ? client().Walk("3") : client().BulkWalk("3", 7);
    EXPECT_EQ(walk.exit_status, 0) << walk.diagnostics;
    uint32_t last = 0;
    int constant_rows = 0;
    for (const std::string& binding : walk.bindings) {
      uint32_t row = 0;
      ASSERT_TRUE(
          absl::SimpleAtoi(binding.substr(2, binding.find(' ') - 2), &row))
          << binding;
      EXPECT_EQ(binding, absl::StrCat("3.", row, " = Gauge32: ", row));
      EXPECT_GT(row, last);
      last = row;
      if (row % 5 == 0) ++constant_rows;
    }
    EXPECT_EQ(constant_rows, 100);
  }
}

}  // namespace
}  // namespace passpersist_testing
