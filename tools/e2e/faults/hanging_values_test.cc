// SPDX-License-Identifier: Apache-2.0
//
// Many functions that hang or are slow, and a manager who asks for something
// else meanwhile.

#include <algorithm>
#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/snmp_client.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using testing::ElementsAreArray;
using testing::IsSubsetOf;
using testing::SizeIs;

// Asks snmpd for its sysUpTime again and again, once each, until it is
// destroyed. A second is the timeout of Net-SNMP's tools.
class OtherManager {
 public:
  explicit OtherManager(const SnmpClient& client)
      : thread_([this, client] {
          while (!stop_) {
            ++asked_;
            if (!client.IsAnswered(absl::Seconds(1))) ++unanswered_;
          }
        }) {}

  ~OtherManager() {
    stop_ = true;
    thread_.join();
    EXPECT_GT(asked_, 0);
    EXPECT_EQ(unanswered_, 0) << "of " << asked_;
  }

  OtherManager(const OtherManager&) = delete;
  OtherManager& operator=(const OtherManager&) = delete;

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<int> asked_ = 0;
  std::atomic<int> unanswered_ = 0;
  std::thread thread_;
};

std::vector<std::string> Instances(int first, int last) {
  std::vector<std::string> instances;
  for (int i = first; i <= last; ++i) {
    instances.push_back(absl::StrCat(i, " = Gauge32: ", i));
  }
  return instances;
}

class SlowFunctionsTest : public PlaypenTest {
 protected:
  void StartAgent(const std::vector<std::string>& arguments) {
    StartSnmpd({AgentLine(kPlaypen, "faults/hanging_values_agent", arguments)});
  }
};

class HangingValuesTest : public SlowFunctionsTest,
                          public testing::WithParamInterface<int> {};

INSTANTIATE_TEST_SUITE_P(Counts, HangingValuesTest,
                         testing::Values(3, 15, 16, 40, 200));

TEST_P(HangingValuesTest, TheOthersOfTheSubtreeAreServedFromTheFirstWalkOn) {
  const int hanging = GetParam();
  StartAgent({"hanging", PathOf("alive"), absl::StrCat(hanging)});
  ASSERT_FALSE(HasFatalFailure());
  {
    const OtherManager other(client());
    for (int round = 0; round < 3; ++round) {
      EXPECT_THAT(client().Walk("").bindings,
                  ElementsAreArray(Instances(hanging + 1, hanging + 5)));
    }
    EXPECT_THAT(client().BulkWalk("").bindings,
                ElementsAreArray(Instances(hanging + 1, hanging + 5)));
  }
  std::ofstream(PathOf("alive")) << "\n";
  EXPECT_TRUE(Eventually(
      [&] { return client().Walk("").bindings == Instances(1, hanging + 5); }));
}

class SlowValuesTest : public HangingValuesTest {};

// Tenths of a second.
INSTANTIATE_TEST_SUITE_P(Times, SlowValuesTest, testing::Values(7, 20));

TEST_P(SlowValuesTest, TheQuickAreServedAtOnceAndTheSlowAfterwards) {
  StartAgent({"slow", absl::StrCat(GetParam() / 10.0), "300"});
  ASSERT_FALSE(HasFatalFailure());
  const OtherManager other(client());
  std::vector<std::string> quick = Instances(1, 300);
  quick.erase(std::remove_if(
                  quick.begin(), quick.end(),
                  [n = 0](const std::string&) mutable { return ++n % 3 == 0; }),
              quick.end());
  ASSERT_THAT(quick, SizeIs(200));
  EXPECT_THAT(quick, IsSubsetOf(client().BulkWalk("").bindings));
  EXPECT_TRUE(Eventually(
      [&] { return client().BulkWalk("").bindings == Instances(1, 300); }));
}

TEST_F(SlowFunctionsTest, TenSlowSettersOfOnePduDelayNoOtherManager) {
  StartAgent({"set", "0.4", "10"});
  ASSERT_FALSE(HasFatalFailure());
  const OtherManager other(client());
  std::vector<SnmpAssignment> assignments;
  for (int i = 1; i <= 10; ++i) {
    assignments.push_back({absl::StrCat(i), "i", "1"});
  }
  EXPECT_NE(client().Set(assignments).error, "");
  EXPECT_TRUE(
      Eventually([&] { return client().Set("1", "i", "2").error.empty(); }));
}

}  // namespace
}  // namespace passpersist_testing
