// SPDX-License-Identifier: Apache-2.0
//
// What managers get, and how long snmpd is deaf, while functions hang and
// updates run: at the pace of snmpd, in simulated time.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/simulation.h"
#include "passpersist/value.h"
#include "transport/testing/scripted_snmpd.h"

namespace passpersist {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::FakeStore;
using passpersist_testing::ScriptedSnmpd;
using passpersist_testing::Simulation;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsSubsetOf;
using testing::SizeIs;

using Names = ScriptedSnmpd::Names;

// Below the second after which managers repeat their requests.
constexpr absl::Duration kLimit = absl::Milliseconds(600);

class PassPersistTimingTest : public testing::TestWithParam<uint32_t> {
 protected:
  // An agent of one subtree.
  std::unique_ptr<ScriptedSnmpd> Start(absl::Duration period,
                                       std::function<void(Contents&)> update) {
    return std::make_unique<ScriptedSnmpd>(simulation_, [=] {
      AgentBuilder builder;
      builder.SetStoreFactory([] { return std::make_unique<FakeStore>(); })
          .OnError(errors_.Hook())
          .AddSubtree(Oid{1, 3}, period, [update](Contents& contents) {
            update(contents);
            return absl::OkStatus();
          });
      configure_(builder);
      return builder;
    });
  }

  // Values whose functions take `time` if `is_slow`.
  std::unique_ptr<ScriptedSnmpd> StartSlow(
      uint32_t count, std::function<bool(uint32_t)> is_slow,
      absl::Duration time) {
    return Start(absl::Hours(1), [=](Contents& contents) {
      for (uint32_t i = 1; i <= count; ++i) {
        contents.PutComputed({i}, [this, i, is_slow, time] {
          begun_.push_back(simulation_->Now());
          if (hangs_ && is_slow(i)) simulation_->Sleep(time);
          return Gauge32{i};
        });
      }
    });
  }

  static std::string Instance(uint32_t i) {
    return absl::StrCat(".1.3.", i, " = GAUGE ", i);
  }
  static Names Instances(uint32_t first, uint32_t last) {
    Names instances;
    for (uint32_t i = first; i <= last; ++i) instances.push_back(Instance(i));
    return instances;
  }

  std::function<void(AgentBuilder&)> configure_ = [](AgentBuilder&) {};
  bool hangs_ = true;
  std::vector<absl::Duration> begun_;  // calls of functions
  ErrorLog errors_;
  const std::shared_ptr<Simulation> simulation_ =
      std::make_shared<Simulation>();
};

// --- Functions that hang ---

using HangingFunctionsTest = PassPersistTimingTest;

INSTANTIATE_TEST_SUITE_P(Counts, HangingFunctionsTest,
                         testing::Values(3, 15, 16, 40, 200));

TEST_P(HangingFunctionsTest, TheOthersAreServedAndNoPduIsLate) {
  const uint32_t hanging = GetParam();
  const auto snmpd = StartSlow(
      hanging + 5, [=](uint32_t i) { return i <= hanging; },
      absl::InfiniteDuration());
  const Names healthy = Instances(hanging + 1, hanging + 5);
  for (int round = 0; round < 2; ++round) {
    EXPECT_THAT(snmpd->Walk(".1.3"), ElementsAreArray(healthy));
    EXPECT_THAT(snmpd->BulkWalk(".1.3"), ElementsAreArray(healthy));
    EXPECT_LE(snmpd->TakeLongest(), kLimit);
  }
  hangs_ = false;
  simulation_->EndHangs();
  simulation_->Advance(absl::Seconds(1));
  snmpd->Walk(".1.3");
  EXPECT_THAT(snmpd->Walk(".1.3"), ElementsAreArray(Instances(1, hanging + 5)));
}

TEST_P(HangingFunctionsTest, AGetOfAllOfThemTakesTheLimitOnce) {
  const uint32_t hanging = GetParam();
  const auto snmpd = StartSlow(
      hanging + 5, [=](uint32_t i) { return i <= hanging; },
      absl::InfiniteDuration());
  Names names;
  Names values;
  for (uint32_t i = 1; i <= hanging + 5; ++i) {
    names.push_back(absl::StrCat(".1.3.", i));
    values.push_back(i <= hanging ? "NONE" : absl::StrCat("GAUGE ", i));
  }
  EXPECT_THAT(snmpd->Get(names), ElementsAreArray(values));
  EXPECT_LE(snmpd->TakeLongest(), kLimit);
}

// --- Functions that are slow ---

class SlowFunctionsTest : public PassPersistTimingTest {
 protected:
  // Each third of 300 takes so many tenths of a second.
  std::unique_ptr<ScriptedSnmpd> StartThirds() {
    return StartSlow(
        300, [](uint32_t i) { return i % 3 == 0; },
        absl::Milliseconds(100) * GetParam());
  }

  static Names Quick() {
    Names quick;
    for (uint32_t i = 1; i <= 300; ++i) {
      if (i % 3 != 0) quick.push_back(Instance(i));
    }
    return quick;
  }
};

INSTANTIATE_TEST_SUITE_P(Tenths, SlowFunctionsTest, testing::Values(7, 20));

TEST_P(SlowFunctionsTest, TheQuickAreInTheFirstWalkAndAllInTheSecond) {
  const auto snmpd = StartThirds();
  EXPECT_THAT(Quick(), IsSubsetOf(snmpd->BulkWalk(".1.3")));
  EXPECT_LE(snmpd->TakeLongest(), kLimit);
  simulation_->Advance(absl::Seconds(5));
  EXPECT_THAT(snmpd->BulkWalk(".1.3"), ElementsAreArray(Instances(1, 300)));
  EXPECT_LE(snmpd->TakeLongest(), kLimit);
  EXPECT_EQ(snmpd->TakeRepeated(), 0);
}

TEST_P(SlowFunctionsTest, OneGetBulkOfAHundredTakesTheLimitOnce) {
  const auto snmpd = StartThirds();
  EXPECT_THAT(snmpd->GetBulk({".1.3"}, 100), SizeIs(100));
  EXPECT_LE(snmpd->TakeLongest(), kLimit);
}

// --- Setters that are slow ---

class SlowSettersTest : public PassPersistTimingTest {
 protected:
  // .1.3.1 to .1.3.10 have a setter each, which takes so long.
  std::unique_ptr<ScriptedSnmpd> StartSetters(absl::Duration time) {
    configure_ = [this, time](AgentBuilder& builder) {
      for (uint32_t i = 1; i <= 10; ++i) {
        builder.AddSetter(Oid{1, 3, i},
                          MakeSetter([this, time](const Oid&, const Value&) {
                            simulation_->Sleep(time);
                            return ErrorStatus::kNoError;
                          }));
      }
    };
    return Start(absl::Hours(1), [](Contents& contents) {
      for (uint32_t i = 1; i <= 10; ++i) contents.Put({i}, Integer32{0});
    });
  }
};

TEST_F(SlowSettersTest, TenOfOnePduTakeTheLimitOnce) {
  const auto snmpd = StartSetters(absl::Milliseconds(400));
  std::vector<std::pair<std::string, std::string>> values;
  for (uint32_t i = 1; i <= 10; ++i) {
    values.emplace_back(absl::StrCat(".1.3.", i), "integer 7");
  }
  // The second one is late. The others are refused before they begin.
  Names answers(10, "resource-unavailable");
  answers[0] = "DONE";
  answers[1] = "undo-failed";
  EXPECT_EQ(snmpd->Set(values), answers);
  EXPECT_LE(snmpd->TakeLongest(), kLimit);
  EXPECT_EQ(snmpd->TakeRepeated(), 0);
  // They have returned.
  simulation_->Advance(absl::Seconds(1));
  EXPECT_THAT(snmpd->Set({{".1.3.2", "integer 8"}}), ElementsAre("DONE"));
  EXPECT_THAT(snmpd->Get({".1.3.1", ".1.3.2"}),
              ElementsAre("INTEGER 7", "INTEGER 8"));
}

// --- Updates ---

class GenerationTest : public PassPersistTimingTest {
 protected:
  // A table whose cells are the number of the update.
  std::unique_ptr<ScriptedSnmpd> StartTable(
      uint32_t rows = 5, absl::Duration period = absl::Milliseconds(1)) {
    const auto update = [rows, columns = GetParam(),
                         number = 0](Contents& contents) mutable {
      ++number;
      for (uint32_t column = 1; column <= columns; ++column) {
        for (uint32_t row = 1; row <= rows; ++row) {
          contents.Put({column, row}, Integer32{number});
        }
      }
    };
    return Start(period, update);
  }

  Names Columns() const {
    Names names;
    for (uint32_t column = 1; column <= GetParam(); ++column) {
      names.push_back(absl::StrCat(".1.3.", column));
    }
    return names;
  }

  static Names NamesOf(Names instances) {
    for (std::string& name : instances) name.resize(name.find(" = "));
    return instances;
  }

  // The updates that the instances are from.
  static std::set<std::string> UpdatesOf(const Names& instances) {
    std::set<std::string> updates;
    for (const std::string& instance : instances) {
      updates.insert(instance.substr(instance.find(" = ")));
    }
    return updates;
  }
};

INSTANTIATE_TEST_SUITE_P(Columns, GenerationTest, testing::Values(3, 40));

class LongWalkTest : public GenerationTest {};

INSTANTIATE_TEST_SUITE_P(Columns, LongWalkTest, testing::Values(40));

TEST_P(GenerationTest, AGetBulkThatIsRepeatedBeginsInOneNewerSnapshot) {
  const auto snmpd = StartTable();
  std::set<std::string> all;
  // Also without a pause.
  snmpd->set_timing({absl::Microseconds(140), absl::ZeroDuration()});
  for (int i = 1; i <= 3; ++i) {
    const auto updates = UpdatesOf(snmpd->GetBulk(Columns(), 5));
    EXPECT_THAT(updates, SizeIs(1));
    all.insert(updates.begin(), updates.end());
    EXPECT_THAT(all, SizeIs(i));
  }
}

TEST_P(GenerationTest, APauseWithinAPduMixesThisPduOnly) {
  const auto snmpd = StartTable();
  EXPECT_THAT(UpdatesOf(snmpd->GetBulk(Columns(), 5)), SizeIs(1));
  snmpd->PauseWithin(2, absl::Milliseconds(20));
  EXPECT_THAT(UpdatesOf(snmpd->GetBulk(Columns(), 5)), SizeIs(2));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(UpdatesOf(snmpd->GetBulk(Columns(), 5)), SizeIs(1));
  }
}

TEST_P(GenerationTest, WalksRowByRowOneAfterTheOtherAreOneUpdateEach) {
  const auto snmpd = StartTable();
  // Over several bursts.
  for (uint32_t walk = 0; walk < 200 / GetParam(); ++walk) {
    Names names = Columns();
    Names instances;
    for (uint32_t row = 0; row < 5; ++row) {
      const Names answer = snmpd->GetNext(names);
      instances.insert(instances.end(), answer.begin(), answer.end());
      names = NamesOf(answer);
    }
    EXPECT_THAT(UpdatesOf(instances), SizeIs(1)) << walk;
  }
}

// 44 rows take 246 ms.
TEST_P(LongWalkTest, AGetBesideALongWalkIsOneUpdate) {
  const auto snmpd = StartTable(/*rows=*/60, absl::Milliseconds(10));
  snmpd->set_timing({absl::Microseconds(140), absl::ZeroDuration()});
  Names cells = Columns();
  for (std::string& cell : cells) cell += ".1";
  for (int rows = 43; rows <= 45; ++rows) {
    Names names = Columns();
    for (int row = 0; row < rows; ++row) names = NamesOf(snmpd->GetNext(names));
    const Names values = snmpd->Get(cells);
    EXPECT_THAT(std::set<std::string>(values.begin(), values.end()), SizeIs(1))
        << rows;
  }
}

// --- Limits ---

class LimitsTest : public PassPersistTimingTest {
 protected:
  // .1.3.1 to .1.3.9 are the number of the update, which is new every second.
  std::unique_ptr<ScriptedSnmpd> StartUpdated() {
    return Start(absl::Seconds(1), [update = 0](Contents& contents) mutable {
      ++update;
      for (uint32_t i = 1; i < 10; ++i) contents.Put({i}, Integer32{update});
    });
  }

  // All functions hang.
  std::unique_ptr<ScriptedSnmpd> StartHanging(uint32_t count) {
    return StartSlow(
        count, [](uint32_t) { return true; }, absl::InfiniteDuration());
  }
};

TEST_F(LimitsTest, AfterAMomentTheCallsOfTheNext64ValuesBegin) {
  const auto snmpd = StartHanging(300);
  EXPECT_THAT(snmpd->GetNext({".1.3"}), ElementsAre("NONE"));
  const auto begun_after = [&](absl::Duration time) {
    return std::count_if(begun_.begin(), begun_.end(), [&](absl::Duration at) {
      return at - begun_[0] <= time;
    });
  };
  EXPECT_EQ(begun_after(absl::Milliseconds(19)), 1);
  EXPECT_EQ(begun_after(absl::Milliseconds(20)), 1 + 64);
  EXPECT_EQ(begun_after(absl::Milliseconds(40)), 1 + 2 * 64);
  EXPECT_EQ(begun_after(absl::Milliseconds(100)), 300);
}

TEST_F(LimitsTest, TheWaitingLimitCanBeSet) {
  configure_ = [](AgentBuilder& builder) {
    builder.SetWaitingLimit(absl::Milliseconds(200));
  };
  const auto snmpd = StartHanging(1);
  EXPECT_THAT(snmpd->Get({".1.3.1"}), ElementsAre("NONE"));
  const absl::Duration waited = snmpd->TakeLongest();
  EXPECT_GE(waited, absl::Milliseconds(200));
  EXPECT_LE(waited, absl::Milliseconds(250));
}

TEST_F(LimitsTest, TheAgeOfLateValuesCanBeSet) {
  configure_ = [](AgentBuilder& builder) {
    builder.SetLateValueAge(absl::Seconds(10));
  };
  const auto snmpd = StartSlow(
      1, [](uint32_t) { return true; }, absl::Milliseconds(700));
  EXPECT_THAT(snmpd->Get({".1.3.1"}), ElementsAre("NONE"));
  simulation_->Advance(absl::Seconds(10));
  EXPECT_THAT(snmpd->Get({".1.3.1"}), ElementsAre("GAUGE 1"));
  simulation_->Advance(absl::Seconds(11));
  EXPECT_THAT(snmpd->Get({".1.3.1"}), ElementsAre("NONE"));
}

TEST_F(LimitsTest, TheNumberOfLateFunctionsCanBeSet) {
  configure_ = [](AgentBuilder& builder) { builder.SetMaxLateValues(2); };
  const auto snmpd = StartHanging(5);
  const Names names = {".1.3.1", ".1.3.2", ".1.3.3"};
  snmpd->Get(names);
  snmpd->Get({".1.3.4"});
  simulation_->Advance(absl::Seconds(1));
  simulation_->EndHangs();
  simulation_->Advance(absl::Seconds(2));
  begun_.clear();
  // They were late, so nobody waits for them.
  EXPECT_THAT(snmpd->Get(names), ElementsAre("GAUGE 1", "GAUGE 2", "GAUGE 3"));
  EXPECT_THAT(begun_, SizeIs(3));
  simulation_->Advance(absl::Seconds(1));
  snmpd->Get({".1.3.4"});
  EXPECT_THAT(begun_, SizeIs(3));
  simulation_->EndHangs();
  snmpd->Get({".1.3.4"});
  EXPECT_THAT(begun_, SizeIs(4));
}

TEST_F(LimitsTest, TheLifetimeOfAWalkCanBeSet) {
  configure_ = [](AgentBuilder& builder) {
    builder.SetWalkLifetime(absl::Seconds(3));
  };
  const auto snmpd = StartUpdated();
  EXPECT_THAT(snmpd->GetNext({".1.3"}), ElementsAre(".1.3.1 = INTEGER 1"));
  simulation_->Advance(absl::Seconds(2.9));
  EXPECT_THAT(snmpd->GetNext({".1.3.1"}), ElementsAre(".1.3.2 = INTEGER 1"));
  simulation_->Advance(absl::Seconds(3));
  EXPECT_THAT(snmpd->GetNext({".1.3.2"}), ElementsAre(".1.3.3 = INTEGER 6"));
}

TEST_F(LimitsTest, TheMemoryOfOldSnapshotsCanBeSet) {
  configure_ = [](AgentBuilder& builder) {
    builder.SetMaxOldSnapshotMemory(1);
  };
  const auto snmpd = StartUpdated();
  EXPECT_THAT(snmpd->GetNext({".1.3"}), ElementsAre(".1.3.1 = INTEGER 1"));
  simulation_->Advance(absl::Seconds(1));
  // Nobody needs the memory before another snapshot is read.
  EXPECT_THAT(snmpd->GetNext({".1.3.1"}), ElementsAre(".1.3.2 = INTEGER 1"));
  EXPECT_THAT(snmpd->Get({".1.3.9"}), ElementsAre("INTEGER 2"));
  EXPECT_THAT(snmpd->GetNext({".1.3.2"}), ElementsAre(".1.3.3 = INTEGER 2"));
}

}  // namespace
}  // namespace passpersist
