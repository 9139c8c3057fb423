// SPDX-License-Identifier: Apache-2.0
//
// What is served about a table besides its cells: the number of rows, the last
// change, and discontinuities of counters.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/sys_up_time.h"
#include "passpersist/table/column.h"
#include "passpersist/table/computed_table.h"
#include "passpersist/table/live_table.h"
#include "passpersist/table/oid_less.h"
#include "passpersist/table/table.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::TestAgent;
using testing::AllOf;
using testing::Ge;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Le;
using testing::Lt;

const Oid& Root() {
  static const Oid* const kRoot = new Oid{1, 3, 2};
  return *kRoot;
}

struct Port {
  uint32_t index = 0;
  std::string name;
};

// As in IF-MIB: ifNumber, ifTable, and the last change after the table.
const auto kPorts =  // NOLINT: a value without a destructor
    Table<Port>({2})
        .Index(&Port::index)
        .RowCount({1})
        .LastChange({5})
        .Column(2, &Port::name)
        .Column(3, &Port::index, Access::kNotAccessible);
const Oid kCount = {1, 3, 2, 1, 0};       // NOLINT
const Oid kLastChange = {1, 3, 2, 5, 0};  // NOLINT

// Hundredths of a second.
uint32_t LastChange(TestAgent* agent) {
  const auto found = agent->Get(kLastChange);
  EXPECT_TRUE(found.has_value());
  return found.has_value() ? std::get<TimeTicks>(found.value()).value : 0;
}

// --- Tables that a function reads ---

class RefreshedScalarsTest : public testing::TestWithParam<bool> {
 protected:
  RefreshedScalarsTest() {
    const auto read = [this] { return rows_; };
    if (GetParam()) {
      builder_.AddTableOnDemand(Root(), absl::Seconds(5), kPorts, read);
    } else {
      builder_.AddTable(Root(), absl::Seconds(5), kPorts, read);
    }
  }

  std::vector<Port> rows_ = {{7, "a"}, {2, "b"}};
  AgentBuilder builder_;
};

TEST_P(RefreshedScalarsTest, AnUpdateThatFindsOtherContentsIsAChange) {
  TestAgent agent(std::move(builder_));
  EXPECT_EQ(agent.Get(kCount), Gauge32{2});
  const uint32_t first = LastChange(&agent);
  EXPECT_THAT(first, Lt(400u));
  agent.Advance(absl::Seconds(5));
  EXPECT_EQ(LastChange(&agent), first);
  rows_[1].name = "c";
  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(LastChange(&agent), AllOf(Ge(1000u), Lt(1400u)));
  EXPECT_EQ(agent.Get(kCount), Gauge32{2});
  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(LastChange(&agent), Lt(1400u));
  rows_ = {{2, "c"}};
  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(LastChange(&agent), AllOf(Ge(2000u), Lt(2400u)));
  EXPECT_EQ(agent.Get(kCount), Gauge32{1});
  rows_ = {{3, "c"}};
  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(LastChange(&agent), AllOf(Ge(2500u), Lt(2900u)));
  rows_.clear();
  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(LastChange(&agent), AllOf(Ge(3000u), Lt(3400u)));
  EXPECT_EQ(agent.Get(kCount), Gauge32{0});
  EXPECT_THAT(agent.TakeErrors(), IsEmpty());
}

TEST_P(RefreshedScalarsTest, ALongStringCounts) {
  rows_[0].name = std::string(5000, 'a');
  TestAgent agent(std::move(builder_));
  const uint32_t first = LastChange(&agent);
  agent.Advance(absl::Seconds(5));
  EXPECT_EQ(LastChange(&agent), first);
  rows_[0].name.back() = 'b';
  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(LastChange(&agent), Ge(1000u));
}

TEST_P(RefreshedScalarsTest, OfTwoRowsWithOneIndexOneCounts) {
  rows_.push_back({7, "c"});
  TestAgent agent(std::move(builder_));
  EXPECT_EQ(agent.Get(kCount), Gauge32{2});
}

INSTANTIATE_TEST_SUITE_P(All, RefreshedScalarsTest, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& test) {
                           return test.param ? "OnDemand" : "Periodic";
                         });

// --- Live tables ---

TEST(LiveTableScalarsTest, AChangeOfWhatIsServedIsAChange) {
  const auto ports = MakeLiveTable(kPorts);
  AgentBuilder builder;
  builder.AddTable(Root(), ports);
  TestAgent agent(std::move(builder));
  EXPECT_EQ(agent.Get(kCount), Gauge32{0});
  EXPECT_EQ(LastChange(&agent), 0u) << "it has never changed";

  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(ports->Upsert({7, "a"}), IsOk());
  EXPECT_EQ(agent.Get(kCount), Gauge32{1});
  const uint32_t upserted = LastChange(&agent);
  EXPECT_THAT(upserted, AllOf(Ge(500u), Lt(900u)));

  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(ports->Upsert({7, "a"}), IsOk());
  EXPECT_THAT(ports->Erase(8), IsOk());
  EXPECT_EQ(LastChange(&agent), upserted) << "nothing has changed";
  EXPECT_THAT(ports->Apply({{7, "b"}, {8, "c"}, {9, "d"}}, {{7}, {10}}),
              IsOk());
  EXPECT_EQ(agent.Get(kCount), Gauge32{3});
  EXPECT_THAT(LastChange(&agent), AllOf(Ge(1000u), Lt(1400u)));

  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(ports->Erase(8), IsOk());
  EXPECT_EQ(agent.Get(kCount), Gauge32{2});
  EXPECT_THAT(LastChange(&agent), AllOf(Ge(1500u), Lt(1900u)));
  EXPECT_THAT(ports->Replace({{1, "a"}, {2, "b"}, {1, "c"}}), IsOk());
  EXPECT_EQ(agent.Get(kCount), Gauge32{2});
  EXPECT_THAT(agent.TakeErrors(), IsEmpty());
}

TEST(LiveTableScalarsTest, RowsFromBeforeTheAgentCount) {
  const auto ports = MakeLiveTable(kPorts);
  EXPECT_THAT(ports->Upsert({7, "a"}), IsOk());
  EXPECT_THAT(ports->Upsert({8, "a"}), IsOk());
  AgentBuilder builder;
  builder.AddTable(Root(), ports);
  TestAgent agent(std::move(builder));
  EXPECT_EQ(agent.Get(kCount), Gauge32{2});
  EXPECT_EQ(LastChange(&agent), 0u) << "before sysUpTime was 0";
}

// One request reads one snapshot, also if a walk leaves the table or enters it.
TEST(LiveTableScalarsTest, ARequestFindsTheRowsThatAreCounted) {
  const auto ports = MakeLiveTable(kPorts);
  EXPECT_THAT(ports->Upsert({7, "a"}), IsOk());
  AgentBuilder builder;
  builder.AddTable(Root(), ports);
  TestAgent agent(std::move(builder));
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    while (!stop) {
      EXPECT_THAT(ports->Replace({{1, "a"}, {2, "a"}, {3, "a"}}), IsOk());
      EXPECT_THAT(ports->Replace({{2, "b"}}), IsOk());
    }
  });
  for (int i = 0; i < 500; ++i) {
    GetBulk bulk;
    bulk.max_repetitions = 10;
    bulk.ranges.push_back({Root(), false, {}});
    const Response response = agent.Send(bulk);
    size_t rows = 0;
    std::optional<Gauge32> count;
    for (const ResponseVarBind& binding : response.bindings) {
      if (IsException(binding.value)) continue;
      const Value& value = std::get<Value>(binding.value);
      if (binding.oid == kCount) count = std::get<Gauge32>(value);
      rows += std::holds_alternative<OctetString>(value) ? 1 : 0;
    }
    EXPECT_EQ(count, Gauge32{static_cast<uint32_t>(rows)});
  }
  stop = true;
  writer.join();
}

// --- Where they are ---

TEST(TableScalarsTest, AWalkFindsThemAroundTheTable) {
  AgentBuilder builder;
  builder
      .AddTable(Root(), absl::Seconds(5), kPorts,
                [] {
                  return std::vector<Port>{{7, "a"}};
                })
      .AddScalar(Concat(Root(), {3}), [] { return 5; })
      .AddScalar(Concat(Root(), {6}), [] { return 6; });
  TestAgent agent(std::move(builder));
  std::vector<Oid> names;
  for (const VarBind& binding : agent.Walk(Root())) {
    names.push_back(binding.oid);
  }
  EXPECT_THAT(names, testing::ElementsAre(kCount, Oid({1, 3, 2, 2, 1, 2, 7}),
                                          Oid({1, 3, 2, 3, 0}), kLastChange,
                                          Oid({1, 3, 2, 6, 0})));
  // The object is not the instance.
  EXPECT_EQ(agent.Get({1, 3, 2, 1}), std::nullopt);
  EXPECT_EQ(agent.Get({1, 3, 2, 1, 1}), std::nullopt);
  EXPECT_EQ(agent.Get({1, 3, 2, 4, 0}), Exception::kNoSuchObject);
  EXPECT_EQ(agent.Set(kCount, Gauge32{1}), ErrorStatus::kNotWritable);
}

TEST(TableScalarsTest, TheyAreServedWithoutTheTableIfTheBaseIsTheirs) {
  AgentBuilder builder;
  builder
      .AddTable(Root(), absl::Seconds(5), kPorts,
                [] {
                  return std::vector<Port>{{7, "a"}};
                })
      .ServeOnly(Oid{1, 3, 2, 1});
  TestAgent agent(std::move(builder));
  EXPECT_EQ(agent.Get(kCount), Gauge32{1});
  EXPECT_EQ(agent.Get({1, 3, 2, 2, 1, 2, 7}), std::nullopt);
  EXPECT_EQ(agent.Walk(Root()).size(), 1u);
}

TEST(TableScalarsTest, BuildReportsWhatOverlaps) {
  AgentBuilder builder;
  builder
      .AddTable(Root(), absl::Seconds(5), kPorts,
                [] { return std::vector<Port>(); })
      .AddScalar(Concat(Root(), {1}), [] { return 5; })
      .AddTable(Oid{1, 3, 9}, absl::Seconds(5),
                Table<Port>({2})
                    .Index(&Port::index)
                    .RowCount({2, 7})
                    .Column(2, &Port::name),
                [] { return std::vector<Port>(); });
  const absl::Status status = builder.Build().status();
  EXPECT_THAT(status.message(),
              HasSubstr("subtrees .1.3.2.1 and .1.3.2.1 overlap"));
  EXPECT_THAT(status.message(),
              HasSubstr("subtrees .1.3.9.2 and .1.3.9.2.7 overlap"));
}

// --- Computed tables ---

using PortMap = std::map<uint32_t, Port, OidLess<uint32_t>>;

TEST(ComputedTableScalarsTest, RowCountIsThatOfTheData) {
  const auto ports =
      Table<Port>({2}).Index(&Port::index).RowCount({1}).Column(2, &Port::name);
  PortMap map = {{7, {7, "a"}}};
  AgentBuilder builder;
  builder.AddTable(Root(), ports, MapRows(&map));
  TestAgent agent(std::move(builder));
  EXPECT_EQ(agent.Get(kCount), Gauge32{1});
  map[8] = {8, "b"};
  EXPECT_EQ(agent.Get(kCount), Gauge32{2});
  EXPECT_EQ(agent.Walk(Root()).size(), 3u);
}

TEST(ComputedTableScalarsTest, BuildReportsWhatIsNotKnown) {
  PortMap map;
  AgentBuilder builder;
  builder.AddTable(Root(), kPorts, MapRows(&map))
      .AddTable(Oid{1, 3, 9},
                Table<Port>({2})
                    .Index(&Port::index)
                    .RowCount({1})
                    .Column(2, &Port::name),
                MakeFunctionRows<uint32_t, Port>(
                    [](uint32_t) -> const Port* { return nullptr; },
                    [](uint32_t) -> const Port* { return nullptr; },
                    [](const Port& port) { return port.index; }));
  const absl::Status status = builder.Build().status();
  EXPECT_THAT(status.message(),
              HasSubstr("table .1.3.2.2 is computed, so its LastChange()"));
  EXPECT_THAT(status.message(),
              HasSubstr("table .1.3.9.2 has FunctionRows, whose RowCount()"));
}

// --- Discontinuities ---

struct Link {
  uint32_t index = 0;
  uint64_t octets = 0;
  std::optional<uint64_t> errors = std::nullopt;
  uint32_t wraps = 0;
  absl::Time reset_at = absl::Time();
};
const auto kLinks =  // NOLINT: a value without a destructor
    Table<Link>({2})
        .Index(&Link::index)
        .Column(2, Counter32Of(&Link::octets))
        .Column(3, Counter64Of(&Link::errors))
        .Column(4, Counter32Of(&Link::wraps))
        .Discontinuity(5, &Link::reset_at);
const Oid kResetAt = {1, 3, 2, 2, 1, 5, 7};  // NOLINT
constexpr uint64_t kTwoTo32 = uint64_t{1} << 32;

class FixedSysUpTime : public SysUpTime {
 public:
  explicit FixedSysUpTime(absl::Time zero) : zero_(zero) {}
  absl::StatusOr<absl::Time> Zero() override { return zero_; }

 private:
  const absl::Time zero_;
};

uint32_t ResetAt(TestAgent* agent) {
  const auto found = agent->Get(kResetAt);
  EXPECT_TRUE(found.has_value());
  return found.has_value() ? std::get<TimeTicks>(found.value()).value : 0;
}

// The same rows for a live table and for one that a function reads.
class DiscontinuityTest : public testing::TestWithParam<bool> {
 protected:
  DiscontinuityTest() {
    AgentBuilder builder;
    builder.SetSysUpTime(std::make_shared<FixedSysUpTime>(zero_));
    if (GetParam()) {
      builder.AddTable(Root(), links_);
    } else {
      builder.AddTable(Root(), absl::Seconds(5), kLinks,
                       [this] { return rows_; });
    }
    agent_.emplace(std::move(builder));
  }

  // Serves a row, later than anything before by some time stamps.
  void Serve(Link row) {
    for (const uint32_t before = Now(); Now() < before + 2;) {
      absl::SleepFor(absl::Milliseconds(1));
    }
    row.index = 7;
    rows_ = {row};
    EXPECT_THAT(links_->Upsert(row), IsOk());
    agent_->Advance(absl::Seconds(5));
  }

  // The TimeStamp of now.
  uint32_t Now() const {
    return TimeTicks::FromDuration(absl::Now() - zero_).value;
  }

  const absl::Time zero_ = absl::Now() - absl::Hours(1);
  std::vector<Link> rows_;
  const std::shared_ptr<LiveTable<Link, uint32_t>> links_ =
      MakeLiveTable(kLinks);
  std::optional<TestAgent> agent_;
};

TEST_P(DiscontinuityTest, IsWhenATotalHasFallen) {
  Serve({0, 100, 5, 7});
  EXPECT_EQ(ResetAt(&*agent_), 0u);
  Serve({0, 100, 6, 7});
  EXPECT_EQ(ResetAt(&*agent_), 0u);
  const uint32_t before = Now();
  Serve({0, 99, 6, 7});
  const uint32_t fell = ResetAt(&*agent_);
  EXPECT_THAT(fell, AllOf(Ge(before), Le(Now())));
  Serve({0, 100, 6, 7});
  Serve({0, 100, 7, 7});
  EXPECT_EQ(ResetAt(&*agent_), fell);
  const uint32_t between = Now();
  Serve({0, 100, 6, 7});
  EXPECT_THAT(ResetAt(&*agent_), Ge(between));
}

TEST_P(DiscontinuityTest, IsNotWhenACounterWraps) {
  Serve({0, kTwoTo32 - 1, 5, 4294967295});
  Serve({0, kTwoTo32 + 1, 5, 0});
  EXPECT_EQ(ResetAt(&*agent_), 0u);
}

TEST_P(DiscontinuityTest, IsTheTimeOfTheRowIfThatIsLater) {
  Serve({0, 100, 5, 7, absl::Now() + absl::Hours(1)});
  const uint32_t of_row = ResetAt(&*agent_);
  EXPECT_THAT(of_row, Ge(350000u));
  Serve({0, 99, 5, 7, absl::Now() + absl::Hours(1)});
  EXPECT_THAT(ResetAt(&*agent_), Ge(of_row));
}

TEST_P(DiscontinuityTest, ARowThatComesAgainIsNew) {
  Serve({0, 100, 5, 7});
  rows_.clear();
  EXPECT_THAT(links_->Erase(7), IsOk());
  agent_->Advance(absl::Seconds(5));
  Serve({0, 99, 5, 7});
  EXPECT_EQ(ResetAt(&*agent_), 0u);
}

INSTANTIATE_TEST_SUITE_P(All, DiscontinuityTest, testing::Bool(),
                         [](const testing::TestParamInfo<bool>& test) {
                           return test.param ? "Live" : "Refreshed";
                         });

TEST(LiveTableDiscontinuityTest, TheTableSetsTheMember) {
  const auto links = MakeLiveTable(kLinks);
  AgentBuilder builder;
  builder.AddTable(Root(), links);
  TestAgent agent(std::move(builder));
  const absl::Time begin = absl::Now();
  // The second row of a batch follows the first one.
  EXPECT_THAT(links->Apply({{7, 100}, {7, 99}, {8, 5}}, {}), IsOk());
  EXPECT_THAT(links->Find(7)->reset_at, Ge(begin));
  EXPECT_EQ(links->Find(8)->reset_at, absl::Time());
  // Also if the last row of a batch is above the present row.
  EXPECT_THAT(links->Apply({{8, 4}, {8, 6}}, {}), IsOk());
  EXPECT_THAT(links->Find(8)->reset_at, Ge(begin));
}

// Each thread counts up; the table must not compare a row with one that it does
// not replace.
TEST(LiveTableDiscontinuityTest, ThreadsMayChangeOneRow) {
  const auto links = MakeLiveTable(kLinks);
  AgentBuilder builder;
  builder.AddTable(Root(), links);
  TestAgent agent(std::move(builder));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (uint64_t i = 0; i < 300; ++i) {
        EXPECT_THAT(links->Upsert({7, i}), IsOk());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(links->Find(7)->octets, 299u);
  EXPECT_EQ(links->size(), 1u);
  EXPECT_EQ(agent.Walk(Root()).size(), 3u);
}

TEST(ComputedDiscontinuityTest, IsTheMember) {
  std::map<uint32_t, Link, OidLess<uint32_t>> links = {{7, {7, 100}}};
  AgentBuilder builder;
  builder
      .SetSysUpTime(
          std::make_shared<FixedSysUpTime>(absl::UnixEpoch() + absl::Hours(1)))
      .AddTable(Root(), kLinks, MapRows(&links));
  TestAgent agent(std::move(builder));
  EXPECT_EQ(ResetAt(&agent), 0u);
  links[7].octets = 99;
  EXPECT_EQ(ResetAt(&agent), 0u);
  links[7].reset_at = absl::UnixEpoch() + absl::Hours(1) + absl::Seconds(3);
  EXPECT_EQ(ResetAt(&agent), 300u);
}

}  // namespace
}  // namespace passpersist
