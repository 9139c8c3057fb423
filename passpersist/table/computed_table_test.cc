// SPDX-License-Identifier: Apache-2.0
//
// Computed tables that are declared by a struct, in an agent.

#include "passpersist/table/computed_table.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/table/column.h"
#include "passpersist/table/oid_less.h"
#include "passpersist/table/table.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::TestAgent;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const Oid& Root() {
  static const Oid* const kRoot = new Oid{1, 3};
  return *kRoot;
}

struct Disk {
  std::string name;
  int32_t temperature = 0;
  absl::StatusOr<int32_t> load = 1;
  uint64_t octets = 0;
};

const auto kDisks =  // NOLINT: a value without a destructor
    Table<Disk>({1})
        .Index(&Disk::name)
        .RowCount({2})
        .Column(2, &Disk::temperature)
        .Column(3, &Disk::load)
        .Column(4, Counter64Of(&Disk::octets));
const auto kOthers =  // NOLINT
    Table<Disk>({3}).Index(&Disk::name).Column(2, &Disk::temperature);

class AgentComputedTableTest : public testing::Test {
 protected:
  AgentComputedTableTest() {
    builder_.AddTable(Root(), kDisks, MapRows(&disks_), GuardOf(&mutex_))
        .AddTable(Root(), kOthers, MapRows(&disks_), GuardOf(&other_mutex_));
    for (const char* const name : {"aa", "b", "c"}) {
      disks_[name] = {name, 30, 1, 7};
    }
  }

  // Takes the lock, and fails if the request holds another one.
  std::function<std::shared_ptr<void>()> GuardOf(std::mutex* mutex) {
    return [this, mutex] {
      mutex->lock();
      ++guards_;
      EXPECT_EQ(++held_, 1);
      return std::shared_ptr<void>(mutex, [this](std::mutex* locked) {
        --held_;
        locked->unlock();
      });
    };
  }

  static Oid Cell(uint32_t table, uint32_t column, uint32_t letter) {
    return Concat(Root(), {table, 1, column, 1, letter});
  }

  Response GetAll(TestAgent* agent, const std::vector<Oid>& names) {
    Get get;
    for (const Oid& name : names) get.oids.push_back(name);
    guards_ = 0;
    Response response = agent->Send(get);
    EXPECT_EQ(held_, 0);
    return response;
  }

  std::map<std::string, Disk, OidLess<std::string>> disks_;
  std::mutex mutex_;
  std::mutex other_mutex_;
  int guards_ = 0;
  int held_ = 0;
  AgentBuilder builder_;
};

TEST_F(AgentComputedTableTest, AGetOfManyColumnsTakesTheGuardOnce) {
  TestAgent agent(std::move(builder_));
  const Response response =
      GetAll(&agent, {Cell(1, 2, 'b'), Cell(1, 3, 'b'), Cell(1, 4, 'b'),
                      Cell(1, 2, 'c'), Cell(1, 5, 'b'), Cell(1, 2, 'z')});
  EXPECT_EQ(guards_, 1);
  ASSERT_THAT(response.bindings, SizeIs(6));
  EXPECT_EQ(response.bindings[2].value, ValueOrException(Value(Counter64{7})));
  EXPECT_EQ(response.bindings[4].value,
            ValueOrException(Exception::kNoSuchInstance));
}

TEST_F(AgentComputedTableTest, AWalkRequestTakesTheGuardOnce) {
  TestAgent agent(std::move(builder_));
  GetBulk bulk;
  bulk.max_repetitions = 9;
  bulk.ranges.push_back({Root(), false, {}});
  guards_ = 0;
  EXPECT_THAT(agent.Send(bulk).bindings, SizeIs(9));
  EXPECT_EQ(guards_, 1);
  // The columns of a row, three rows.
  GetBulk rows;
  rows.max_repetitions = 3;
  for (const uint32_t column : {2, 3, 4}) {
    rows.ranges.push_back({Concat(Root(), {1, 1, column}), false, {}});
  }
  guards_ = 0;
  EXPECT_THAT(agent.Send(rows).bindings, SizeIs(9));
  EXPECT_EQ(guards_, 1);
  // A GetNext that continues a walk.
  guards_ = 0;
  EXPECT_EQ(agent.GetNext(Cell(1, 2, 'b'))->oid, Cell(1, 2, 'c'));
  EXPECT_EQ(guards_, 1);
  EXPECT_EQ(held_, 0);
}

// Two requests that held the locks of two tables could wait for each other.
TEST_F(AgentComputedTableTest, ARequestHoldsOneGuardAtATime) {
  TestAgent agent(std::move(builder_));
  GetAll(&agent, {Cell(1, 2, 'b'), Cell(3, 2, 'b'), Cell(1, 3, 'b')});
  EXPECT_EQ(guards_, 3);
  EXPECT_THAT(agent.Walk(Root()), SizeIs(13));
}

TEST_F(AgentComputedTableTest, AFunctionOfAnotherValueMayTakeTheLock) {
  const auto load = [this] {
    const std::lock_guard<std::mutex> lock(mutex_);
    return 5;
  };
  builder_.AddScalar(Concat(Root(), {4}), load)
      .AddSubtree(Concat(Root(), {5}), absl::Seconds(5),
                  [load](Contents& contents) {
                    contents.PutComputed(
                        {0}, ComputedValue([load] { return Integer32{load()}; },
                                           ComputedValue::Cost::kCheap));
                    return absl::OkStatus();
                  })
      .AddSubtreeOnDemand(Concat(Root(), {6}), absl::ZeroDuration(),
                          [load](Contents& contents) {
                            contents.Put({0}, Integer32{load()});
                            return absl::OkStatus();
                          });
  TestAgent agent(std::move(builder_));
  const Response response =
      GetAll(&agent, {Cell(1, 2, 'b'), Concat(Root(), {4, 0}), Cell(1, 2, 'b'),
                      Concat(Root(), {5, 0}), Cell(1, 2, 'b'),
                      Concat(Root(), {6, 0}), Cell(1, 2, 'b')});
  for (const ResponseVarBind& binding : response.bindings) {
    EXPECT_FALSE(IsException(binding.value)) << binding.oid;
  }
}

TEST_F(AgentComputedTableTest, ACellWithAnErrorIsLeftOutAndReported) {
  disks_["b"].load = absl::UnavailableError("no data");
  TestAgent agent(std::move(builder_));
  const Response response = GetAll(&agent, {Cell(1, 3, 'b'), Cell(1, 3, 'c')});
  EXPECT_TRUE(IsException(response.bindings[0].value));
  EXPECT_FALSE(IsException(response.bindings[1].value));
  EXPECT_THAT(agent.TakeErrors(),
              ElementsAre("UNAVAILABLE: column 3 of row .1.98: no data"));
}

TEST_F(AgentComputedTableTest, TheApplicationChangesRowsBetweenRequests) {
  TestAgent agent(std::move(builder_));
  EXPECT_EQ(agent.Get({1, 3, 2, 0}), Gauge32{3});
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    disks_.erase("b");
  }
  EXPECT_EQ(agent.Get({1, 3, 2, 0}), Gauge32{2});
  EXPECT_EQ(agent.Get(Cell(1, 2, 'b')), std::nullopt);
  EXPECT_THAT(agent.TakeErrors(), IsEmpty());
}

TEST_F(AgentComputedTableTest, RowsMayBeInAVectorOrBehindFunctions) {
  const std::vector<Disk> sorted = {{"b", 1}, {"aa", 2}};
  AgentBuilder builder;
  builder
      .AddTable(Root(), kOthers,
                MakeVectorRows<std::string>(
                    &sorted, [](const Disk& disk) { return disk.name; }))
      .AddTable(Oid{1, 4}, kOthers,
                MakeFunctionRows<std::string, Disk>(
                    [&](const std::string& key) -> const Disk* {
                      const auto found = disks_.lower_bound(key);
                      return found == disks_.end() ? nullptr : &found->second;
                    },
                    [&](const std::string& key) -> const Disk* {
                      const auto found = disks_.upper_bound(key);
                      return found == disks_.end() ? nullptr : &found->second;
                    },
                    [](const Disk& disk) { return disk.name; }));
  TestAgent agent(std::move(builder));
  EXPECT_THAT(agent.Walk(Root()), SizeIs(2));
  EXPECT_THAT(agent.Walk({1, 4}), SizeIs(3));
  EXPECT_EQ(agent.GetNext(Cell(3, 2, 'b'))->value, Value(Integer32{2}));
}

}  // namespace
}  // namespace passpersist
