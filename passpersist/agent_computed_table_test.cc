// SPDX-License-Identifier: Apache-2.0

// An agent that serves a table from ordered data of the application.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/testing/agent_fixture.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/oid.h"
#include "passpersist/table/computed_store.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/oid_less.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using testing::IsEmpty;

class ComputedTableTest : public AgentTest {
 protected:
  ComputedTableTest() {
    builder_.AddSubtree(
        Oid{1, 3},
        NewComputedStore(
            IndexCodec<std::string>(/*arcs_before=*/4), {2, 3},
            MapRows(&loads_),
            [](int32_t load, uint32_t column) -> std::optional<Value> {
              if (column == 3 && load < 0) return std::nullopt;
              return Value(Integer32{load});
            },
            [](const absl::Status& error) { ADD_FAILURE() << error; },
            [this] {
              ++guards_;
              return std::make_unique<internal::MutexLock>(mutex_of_loads_);
            }));
  }

  void Put(const std::string& name, int32_t load) {
    internal::MutexLock lock(mutex_of_loads_);
    loads_[name] = load;
  }
  void Erase(const std::string& name) {
    internal::MutexLock lock(mutex_of_loads_);
    loads_.erase(name);
  }

  absl::Mutex mutex_of_loads_;
  std::map<std::string, int32_t, OidLess<std::string>> loads_;
  int guards_ = 0;  // read and written in turns
};

TEST_F(ComputedTableTest, ServesRowsAsTheyAre) {
  Put("b", 1);
  Start();
  EXPECT_EQ(peer_.HearLine(), "hello .1.3");
  EXPECT_EQ(Ask("get .1.3.1.2.1.98"), ".1.3.1.2.1.98 = Integer32 1");
  Put("b", 2);
  EXPECT_EQ(Ask("get .1.3.1.2.1.98"), ".1.3.1.2.1.98 = Integer32 2");
  Erase("b");
  EXPECT_EQ(Ask("get .1.3.1.2.1.98"), ".1.3.1.2.1.98 = noSuchInstance");
  EXPECT_EQ(guards_, 3);
}

TEST_F(ComputedTableTest, AWalkGoesOnAfterItsLastName) {
  Put("aa", 1);
  Put("b", -2);
  Start();
  EXPECT_EQ(peer_.HearLine(), "hello .1.3");
  EXPECT_EQ(Ask("next .1.3"), ".1.3.1.2.1.98 = Integer32 -2");
  Erase("b");
  Put("c", 3);
  EXPECT_EQ(Ask("next .1.3.1.2.1.98"), ".1.3.1.2.1.99 = Integer32 3");
  EXPECT_EQ(Ask("next .1.3.1.2.1.99"), ".1.3.1.2.2.97.97 = Integer32 1");
  EXPECT_EQ(Ask("next .1.3.1.2.2.97.97"), ".1.3.1.3.1.99 = Integer32 3");
  // The byte 300 is after all names of one byte.
  EXPECT_EQ(Ask("next .1.3.1.3.1.300"), ".1.3.1.3.2.97.97 = Integer32 1");
  EXPECT_EQ(Ask("next .1.3.1.3.2.97.97"), ".1.3.1.3.2.97.97 = endOfMibView");
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(ComputedTableTest, ARequestTakesTheGuardOnce) {
  for (const char name : {'a', 'b', 'c', 'd', 'e'}) {
    Put(std::string(1, name), 1);
  }
  Start();
  EXPECT_EQ(peer_.HearLine(), "hello .1.3");
  std::string name = ".1.3";
  for (int i = 0; i < 10; ++i) {
    guards_ = 0;
    const std::string answer = Ask("next " + name);
    EXPECT_EQ(guards_, 1) << answer;
    name = answer.substr(0, answer.find(' '));
  }
  EXPECT_EQ(name, ".1.3.1.3.1.101");
}

}  // namespace
}  // namespace passpersist
