// SPDX-License-Identifier: Apache-2.0
//
// A walk sees one picture of a table that changes all the time.

#include <cstddef>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/snmp_client.h"
#include "tools/e2e/snmpd/snmpd_fixture.h"

namespace passpersist_testing {
namespace {

using testing::Contains;
using testing::SizeIs;

constexpr int kRows = 12;

// The values of an answer: one, if it is from one update.
std::set<std::string> ValuesOf(const SnmpResult& result) {
  std::set<std::string> values;
  for (const std::string& binding : result.bindings) {
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(binding, absl::MaxSplits(" = ", 1));
    values.insert(parts.second);
  }
  return values;
}

// What a walk of the columns side by side sees. snmpd may pause in its first
// PDU, if the machine is busy, and then the columns begin in two updates.
std::set<std::string> WalkColumns(const SnmpClient& client, int first,
                                  int last) {
  std::vector<std::string> names;
  for (int column = first; column <= last; ++column) {
    names.push_back(absl::StrCat(column));
  }
  std::set<std::string> values;
  for (int row = 1; row <= kRows; ++row) {
    const SnmpResult result = client.GetNext(names);
    EXPECT_THAT(result.bindings, SizeIs(names.size())) << result;
    values.merge(ValuesOf(result));
    for (int column = first; column <= last; ++column) {
      names[column - first] = absl::StrCat(column, ".", row);
    }
  }
  return values;
}

class GenerationsTest : public SnmpdTest,
                        public testing::WithParamInterface<int> {
 protected:
  void StartAgent(int columns) {
    StartSnmpd({AgentLine(kPlaypen, "reads/generations_agent",
                          {absl::StrCat(columns), absl::StrCat(kRows)}),
                "maxGetbulkResponses 2000", "maxGetbulkRepeats 1000",
                "sendMessageMaxSize 65535"});
  }
};

// Net-SNMP's tools send at most 128 names.
INSTANTIATE_TEST_SUITE_P(Columns, GenerationsTest,
                         testing::Values(10, 33, 40, 128));

TEST_P(GenerationsTest, AWalkOfManyColumnsSeesOneUpdate) {
  StartAgent(GetParam());
  ASSERT_FALSE(HasFatalFailure());
  std::vector<size_t> updates;
  for (int walk = 0; walk < 3; ++walk) {
    updates.push_back(WalkColumns(client(), 1, GetParam()).size());
  }
  EXPECT_THAT(updates, Contains(1u)) << testing::PrintToString(updates);
}

TEST_P(GenerationsTest, AGetBulkSeesOneUpdate) {
  StartAgent(GetParam());
  ASSERT_FALSE(HasFatalFailure());
  std::vector<std::string> names;
  for (int column = 1; column <= GetParam(); ++column) {
    names.push_back(absl::StrCat(column));
  }
  std::vector<size_t> updates;
  for (int i = 0; i < 5; ++i) {
    updates.push_back(ValuesOf(client().BulkGet(0, 5, names)).size());
  }
  EXPECT_THAT(updates, Contains(1u)) << testing::PrintToString(updates);
}

using TwoManagersTest = SnmpdTest;

TEST_F(TwoManagersTest, WithAHundredColumnsEachSeeOneUpdateEach) {
  StartSnmpd({AgentLine(kPlaypen, "reads/generations_agent",
                        {"200", absl::StrCat(kRows)})});
  ASSERT_FALSE(HasFatalFailure());
  const auto walk_thrice = [&](int first, int last) {
    std::vector<size_t> updates;
    for (int walk = 0; walk < 3; ++walk) {
      updates.push_back(WalkColumns(client(), first, last).size());
    }
    EXPECT_THAT(updates, Contains(1u)) << testing::PrintToString(updates);
  };
  std::thread other([&] { walk_thrice(101, 200); });
  walk_thrice(1, 100);
  other.join();
}

}  // namespace
}  // namespace passpersist_testing
