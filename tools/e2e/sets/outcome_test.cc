// SPDX-License-Identifier: Apache-2.0
//
// What is served after a set is the setter's to say, over each protocol and for
// each kind of store.

#include <memory>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/value.h"
#include "store/btree_store.h"
#include "tools/e2e/protocols/in_memory_manager.h"
#include "tools/e2e/protocols/manager.h"
#include "tools/e2e/protocols/snmp_manager.h"
#include "tools/e2e/sets/outcome_objects.h"
#include "tools/e2e/snmpd/playpen.h"

namespace passpersist_testing {
namespace {

using passpersist::AgentBuilder;
using passpersist::Integer32;
using passpersist::OctetString;
using testing::ElementsAre;
using testing::IsEmpty;

enum class Carrier { kPassPersist, kDebug, kDebugInPhases, kSnmpd };

std::string NameOf(Storage storage) {
  return storage == Storage::kUpdated ? "updated"
         : storage == Storage::kOwned ? "owned"
                                      : "written";
}

class OutcomeTest
    : public PlaypenTest,
      public testing::WithParamInterface<std::tuple<Carrier, Storage>> {
 protected:
  // So many rounds meet updates at different points.
  static constexpr int kRounds = 10;

  void SetUp() override {
    const auto [carrier, storage] = GetParam();
    switch (carrier) {
      case Carrier::kPassPersist:
        manager_ = PassPersistManager(Builder(storage));
        break;
      case Carrier::kDebug:
        manager_ = DebugManager(Builder(storage));
        break;
      case Carrier::kDebugInPhases:
        manager_ = DebugManager(Builder(storage), /*sets_in_phases=*/true);
        break;
      case Carrier::kSnmpd:
        StartSnmpd(
            {AgentLine(kPlaypen, "sets/outcome_agent", {NameOf(storage)})});
        ASSERT_FALSE(HasFatalFailure());
        manager_ = SnmpManager(client());
        break;
    }
  }

  Manager& manager() { return *manager_; }

  std::string SetStatus(int row, int status) {
    return manager().Set(absl::StrCat("2.1.3.", row), Integer32{status});
  }

 private:
  static AgentBuilder Builder(Storage storage) {
    AgentBuilder builder;
    builder.SetStoreFactory(passpersist::BtreeStore::Factory())
        .SetScheduler(std::make_unique<passpersist::ThreadScheduler>())
        .SetFirstUpdateTimeout(absl::InfiniteDuration());
    AddOutcomeObjects(builder, storage);
    return builder;
  }

  std::unique_ptr<Manager> manager_;
};

TEST_P(OutcomeTest, ANewRowReadsActiveAndItsColumnsAreThereAtOnce) {
  for (int row = 2; row < 2 + kRounds; ++row) {
    EXPECT_EQ(SetStatus(row, 4), "noError");
    EXPECT_EQ(manager().Get(absl::StrCat("2.1.3.", row)),
              absl::StrCat("2.1.3.", row, " = INTEGER: 1"));
    EXPECT_EQ(manager().Get(absl::StrCat("2.1.2.", row)),
              absl::StrCat("2.1.2.", row, " = INTEGER: 10"));
    EXPECT_EQ(manager().GetNext(absl::StrCat("2.1.1.", row - 1)),
              absl::StrCat("2.1.1.", row, " = \"\""));
  }
  EXPECT_EQ(SetStatus(2, 4), "inconsistentValue");
}

TEST_P(OutcomeTest, ARowThatIsDestroyedIsGone) {
  EXPECT_THAT(manager().Walk("2"),
              ElementsAre("2.1.1.1 = STRING: \"first\"",
                          "2.1.2.1 = INTEGER: 10", "2.1.3.1 = INTEGER: 1"));
  for (int round = 0; round < kRounds; ++round) {
    EXPECT_EQ(SetStatus(1, 6), "noError");
    EXPECT_EQ(manager().Get("2.1.3.1"), "2.1.3.1 is absent");
    EXPECT_EQ(manager().Get("2.1.1.1"), "2.1.1.1 is absent");
    EXPECT_THAT(manager().Walk("2"), IsEmpty());
    EXPECT_EQ(SetStatus(1, 4), "noError");
    EXPECT_THAT(manager().Walk("2"),
                ElementsAre("2.1.1.1 = \"\"", "2.1.2.1 = INTEGER: 10",
                            "2.1.3.1 = INTEGER: 1"));
  }
}

TEST_P(OutcomeTest, ToDestroyAnAbsentRowSucceedsAndLeavesNothing) {
  for (int round = 0; round < kRounds; ++round) {
    EXPECT_EQ(SetStatus(7, 6), "noError");
    EXPECT_EQ(manager().Get("2.1.3.7"), "2.1.3.7 is absent");
    EXPECT_EQ(manager().GetNext("2.1.3.1"), "the end");
  }
}

TEST_P(OutcomeTest, APasswordAlwaysReadsAsNothing) {
  for (int round = 0; round < kRounds; ++round) {
    EXPECT_EQ(manager().Set("1.1.0", OctetString{"open sesame"}), "noError");
    EXPECT_EQ(manager().Get("1.1.0"), "1.1.0 = \"\"");
    EXPECT_EQ(manager().GetNext("1.1"), "1.1.0 = \"\"");
  }
}

TEST_P(OutcomeTest, ATestAndIncrReadsOneMore) {
  for (int value = 17; value < 17 + kRounds; ++value) {
    EXPECT_EQ(manager().Get("1.2.0"), absl::StrCat("1.2.0 = INTEGER: ", value));
    EXPECT_EQ(manager().Set("1.2.0", Integer32{value}), "noError");
    EXPECT_EQ(manager().Get("1.2.0"),
              absl::StrCat("1.2.0 = INTEGER: ", value + 1));
    EXPECT_EQ(manager().Set("1.2.0", Integer32{17}), "inconsistentValue");
  }
}

TEST_P(OutcomeTest, AnActionReadsOneAndItsCounterIsNew) {
  for (int count = 1; count <= kRounds; ++count) {
    EXPECT_EQ(manager().Set("1.3.0", Integer32{2}), "noError");
    EXPECT_EQ(manager().Get("1.4.0"),
              absl::StrCat("1.4.0 = Counter32: ", count));
    EXPECT_EQ(manager().Get("1.3.0"), "1.3.0 = INTEGER: 1");
  }
}

TEST_P(OutcomeTest, ATextIsServedAsItIsKept) {
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = absl::StrCat("Text ", round);
    EXPECT_EQ(manager().Set("1.5.0", OctetString{text}), "noError");
    EXPECT_EQ(manager().Get("1.5.0"),
              absl::StrCat("1.5.0 = STRING: \"text ", round, "\""));
  }
}

TEST_P(OutcomeTest, EachOfTwoObjectsChangesTheOther) {
  for (int round = 0; round < kRounds; ++round) {
    EXPECT_EQ(manager().Set("1.6.0", Integer32{100}), "noError");
    EXPECT_EQ(manager().Get("1.7.0"), "1.7.0 = INTEGER: 212");
    EXPECT_EQ(manager().Get("1.6.0"), "1.6.0 = INTEGER: 100");
    EXPECT_EQ(manager().Set("1.7.0", Integer32{32}), "noError");
    EXPECT_EQ(manager().Get("1.6.0"), "1.6.0 = INTEGER: 0");
    EXPECT_EQ(manager().Get("1.7.0"), "1.7.0 = INTEGER: 32");
  }
}

// snmpd hands over one binding after the other.
TEST_P(OutcomeTest, ColumnsOfANewRowCanBeSetInTheSameRequest) {
  if (std::get<Carrier>(GetParam()) != Carrier::kSnmpd) GTEST_SKIP();
  const SnmpResult set = client().Set(
      {{"2.1.3.5", "i", "4"}, {"2.1.1.5", "s", "five"}, {"2.1.2.5", "i", "7"}});
  EXPECT_EQ(set.exit_status, 0) << set;
  EXPECT_THAT(client().Get({"2.1.1.5", "2.1.2.5", "2.1.3.5"}).bindings,
              ElementsAre("2.1.1.5 = STRING: \"five\"", "2.1.2.5 = INTEGER: 7",
                          "2.1.3.5 = INTEGER: 1"));
}

std::string NameOf(const testing::TestParamInfo<OutcomeTest::ParamType>& info) {
  constexpr const char* kCarriers[] = {"PassPersist", "Debug", "DebugInPhases",
                                       "Snmpd"};
  const auto [carrier, storage] = info.param;
  return absl::StrCat(kCarriers[static_cast<int>(carrier)], "_",
                      NameOf(storage));
}

INSTANTIATE_TEST_SUITE_P(
    CarriersAndStores, OutcomeTest,
    testing::Combine(testing::Values(Carrier::kPassPersist, Carrier::kDebug,
                                     Carrier::kDebugInPhases, Carrier::kSnmpd),
                     testing::Values(Storage::kUpdated, Storage::kOwned,
                                     Storage::kWritten)),
    [](const auto& info) { return NameOf(info); });

}  // namespace
}  // namespace passpersist_testing
