// SPDX-License-Identifier: Apache-2.0

#include "transport/testing/scripted_snmpd.h"

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/simulation.h"
#include "passpersist/value.h"

namespace passpersist_testing {
namespace {

using passpersist::AgentBuilder;
using passpersist::ComputedValue;
using passpersist::Contents;
using passpersist::Gauge32;
using passpersist::Integer32;
using passpersist::Oid;
using testing::ElementsAre;

// Serves the microseconds since the start at .1.3.1 to .1.3.4, and the number
// of updates since the start at .1.3.5. .1.3.6 takes 2.5 seconds.
class ScriptedSnmpdTest : public testing::Test {
 protected:
  AgentBuilder Builder() {
    AgentBuilder builder;
    builder.SetStoreFactory([] { return std::make_unique<FakeStore>(); })
        .SetWaitingLimit(absl::Seconds(10))
        .AddSubtree(Oid{1, 3}, absl::Seconds(10),
                    [this, updates = 0](Contents& contents) mutable {
                      for (uint32_t i = 1; i <= 4; ++i) {
                        contents.PutComputed(
                            {i}, ComputedValue([this] { return Now(); },
                                               ComputedValue::Cost::kCheap));
                      }
                      contents.Put({5}, Integer32{++updates});
                      contents.PutComputed({6}, [this] {
                        simulation_->Sleep(absl::Seconds(2.5));
                        return Integer32{6};
                      });
                      return absl::OkStatus();
                    });
    return builder;
  }

  Gauge32 Now() const {
    return Gauge32{
        static_cast<uint32_t>(absl::ToInt64Microseconds(simulation_->Now()))};
  }

  const std::shared_ptr<Simulation> simulation_ =
      std::make_shared<Simulation>();
  ScriptedSnmpd snmpd_{simulation_, [this] { return Builder(); }};
};

TEST_F(ScriptedSnmpdTest, AsksForTheNamesOfAPduOneByOne) {
  EXPECT_THAT(snmpd_.Get({".1.3.1", ".1.3.2"}),
              ElementsAre("GAUGE 1140", "GAUGE 1280"));
  EXPECT_EQ(snmpd_.TakeLongest(), absl::Microseconds(280));
  EXPECT_THAT(snmpd_.GetNext({".1.3.1", ".1.3.2"}),
              ElementsAre(".1.3.2 = GAUGE 2420", ".1.3.3 = GAUGE 2560"));
}

TEST_F(ScriptedSnmpdTest, AGetBulkIsRoundsOverItsNames) {
  EXPECT_THAT(
      snmpd_.GetBulk({".1.3", ".1.3.5"}, 3),
      ElementsAre(".1.3.1 = GAUGE 1140", ".1.3.6 = INTEGER 6",
                  ".1.3.2 = GAUGE 2501420", "NONE", ".1.3.3 = GAUGE 2501700"));
}

TEST_F(ScriptedSnmpdTest, PausesOnceWithinAPdu) {
  snmpd_.PauseWithin(1, absl::Seconds(0.5));
  EXPECT_THAT(snmpd_.Get({".1.3.1", ".1.3.2"}),
              ElementsAre("GAUGE 1140", "GAUGE 501280"));
  EXPECT_THAT(snmpd_.Get({".1.3.1", ".1.3.2"}),
              ElementsAre("GAUGE 502420", "GAUGE 502560"));
}

TEST_F(ScriptedSnmpdTest, AManagerRepeatsItsRequestAfterEachSecond) {
  EXPECT_THAT(snmpd_.Get({".1.3.5", ".1.3.6"}),
              ElementsAre("INTEGER 1", "INTEGER 6"));
  EXPECT_EQ(snmpd_.TakeRepeated(), 2);
  // Each of them takes the time.
  EXPECT_GT(simulation_->Now(), absl::Seconds(7.5));
}

TEST_F(ScriptedSnmpdTest, RestartEndsTheAgentAndStartsItAgain) {
  simulation_->Advance(absl::Seconds(20));
  EXPECT_THAT(snmpd_.Get({".1.3.5"}), ElementsAre("INTEGER 3"));
  snmpd_.Restart();
  EXPECT_THAT(snmpd_.Get({".1.3.5"}), ElementsAre("INTEGER 1"));
}

}  // namespace
}  // namespace passpersist_testing
