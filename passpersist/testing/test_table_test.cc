// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/test_table.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/setter.h"
#include "passpersist/sys_up_time.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"

namespace passpersist_testing {
namespace {

using passpersist::AgentBuilder;
using passpersist::ErrorStatus;
using passpersist::Oid;
using passpersist::Table;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Disk {
  std::string name;
  std::string model;
  uint64_t read_bytes = 0;
  int32_t temperature = 0;
  bool failing = false;
  std::optional<int32_t> slot = std::nullopt;
  int32_t partitions = 0;
};

const auto kDisks =  // NOLINT: a value without a destructor
    Table<Disk>({1})
        .Index(&Disk::name)
        .Column(2, &Disk::model)
        .Column(3, passpersist::Counter64Of(&Disk::read_bytes))
        .Column(4, &Disk::temperature)
        .Column(5, &Disk::failing)
        .Column(6, &Disk::slot);

class TestTableTest : public testing::Test {
 protected:
  void Start() {
    builder_.AddTable(kRoot, absl::Seconds(5), kDisks,
                      [this] { return rows_; });
    agent_.emplace(std::move(builder_));
    disks_.emplace(&*agent_, kRoot, kDisks);
  }

  const Oid kRoot = {1, 3, 6, 1, 3, 53};
  AgentBuilder builder_;
  absl::StatusOr<std::vector<Disk>> rows_ = std::vector<Disk>{
      {"sdb", "B", 7, -1, true, 2, 9}, {"sda", "A", 5}, {"c", "C"}};
  std::optional<TestAgent> agent_;
  std::optional<TestTable<Disk, std::string>> disks_;
};

TEST_F(TestTableTest, GetsCellsByTheirNames) {
  Start();
  EXPECT_EQ(disks_->Get("sdb", &Disk::model), "B");
  EXPECT_EQ(disks_->Get("sdb", &Disk::read_bytes), 7);
  EXPECT_EQ(disks_->Get("sdb", &Disk::temperature), -1);
  EXPECT_EQ(disks_->Get("sdb", &Disk::failing), true);
  EXPECT_EQ(disks_->Get("sdb", &Disk::slot), 2);
  EXPECT_EQ(disks_->Get("sda", &Disk::slot), std::nullopt);
  EXPECT_EQ(disks_->Get("sdc", &Disk::model), std::nullopt);
}

TEST_F(TestTableTest, WalksRowsInTheOrderOfTheirIndexes) {
  Start();
  const std::vector<Disk> rows = disks_->Walk();
  ASSERT_EQ(rows.size(), 3);
  EXPECT_EQ(rows[0].name, "c") << "shorter strings come first";
  EXPECT_EQ(rows[1].name, "sda");
  EXPECT_EQ(rows[2].name, "sdb");
  EXPECT_EQ(rows[2].model, "B");
  EXPECT_EQ(rows[2].slot, 2);
  EXPECT_EQ(rows[1].slot, std::nullopt);
  EXPECT_EQ(rows[2].partitions, 0) << "no column";
}

TEST_F(TestTableTest, FollowsUpdates) {
  Start();
  rows_ = std::vector<Disk>{{"sda", "new"}};
  agent_->Advance(absl::Seconds(5));
  EXPECT_EQ(disks_->Get("sda", &Disk::model), "new");
  EXPECT_EQ(disks_->Walk().size(), 1);
  rows_ = absl::UnavailableError("no driver");
  agent_->Advance(absl::Seconds(5));
  EXPECT_EQ(disks_->Get("sda", &Disk::model), "new");
  EXPECT_THAT(agent_->TakeErrors(), ElementsAre(HasSubstr("no driver")));
}

TEST_F(TestTableTest, SetsCells) {
  std::optional<passpersist::Value> set;
  passpersist::SetterOptions options;
  options.test = [](const Oid&, const passpersist::Value& value) {
    return value == passpersist::Value(passpersist::Integer32{99})
               ? ErrorStatus::kWrongValue
               : ErrorStatus::kNoError;
  };
  builder_.AddSetter(Concat(kRoot, {1, 1, 4}),
                     passpersist::MakeSetter(
                         [&](const Oid&, const passpersist::Value& value) {
                           set = value;
                           return ErrorStatus::kNoError;
                         },
                         std::move(options)));
  Start();
  EXPECT_EQ(disks_->Set("sda", &Disk::temperature, 42), ErrorStatus::kNoError);
  EXPECT_EQ(set, passpersist::Value(passpersist::Integer32{42}));
  EXPECT_EQ(disks_->Get("sda", &Disk::temperature), 42);
  EXPECT_EQ(disks_->Set("sda", &Disk::temperature, 99),
            ErrorStatus::kWrongValue);
  EXPECT_EQ(disks_->Set("sda", &Disk::failing, true),
            ErrorStatus::kNotWritable);
}

TEST_F(TestTableTest, NamesAMemberThatIsNoColumn) {
  Start();
  EXPECT_NONFATAL_FAILURE(
      EXPECT_EQ(disks_->Get("sda", &Disk::partitions), std::nullopt),
      "no column has this member");
}

TEST(AddTableTest, ReadsRowsOnDemand) {
  int reads = 0;
  AgentBuilder builder;
  builder.AddTableOnDemand(Oid{1, 3, 6}, absl::Seconds(5), kDisks, [&] {
    ++reads;
    return std::vector<Disk>{{"sda", "A"}};
  });
  TestAgent agent(std::move(builder));
  TestTable disks(&agent, {1, 3, 6}, kDisks);
  EXPECT_EQ(reads, 0);
  EXPECT_EQ(disks.Get("sda", &Disk::model), "A");
  EXPECT_EQ(disks.Get("sda", &Disk::failing), false);
  EXPECT_EQ(reads, 1);
}

TEST(AddTableTest, BuildReportsAnErrorOfTheDeclaration) {
  AgentBuilder builder;
  builder.AddTable(Oid{1, 3, 6}, absl::Seconds(5),
                   Table<Disk>({1}).Index(&Disk::name).Column(0, &Disk::model),
                   [] { return std::vector<Disk>(); });
  const auto agent = builder.Build();
  ASSERT_FALSE(agent.ok());
  EXPECT_THAT(std::string(agent.status().message()),
              HasSubstr("table .1: a column has number 0"));
}

int32_t Load() { return 3; }

TEST(AddScalarTest, ServesFunctionsAndAtomics) {
  std::atomic<uint64_t> calls = 5;
  std::optional<bool> door;
  AgentBuilder builder;
  builder.AddScalar(Oid{1, 3, 1}, &Load)
      .AddScalar(Oid{1, 3, 2}, passpersist::Counter64Of(&calls))
      .AddScalar(Oid{1, 3, 3}, passpersist::Scaled<2>([] { return 0.256; }))
      .AddScalar(Oid{1, 3, 4}, [] { return std::string("up"); })
      .AddScalar(Oid{1, 3, 5}, [&] { return door; })
      .AddScalar(Oid{1, 3, 6}, []() -> absl::StatusOr<int32_t> {
        return absl::UnavailableError("no sensor");
      });
  TestAgent agent(std::move(builder));
  EXPECT_EQ(agent.Get({1, 3, 1, 0}), passpersist::Integer32{3});
  EXPECT_EQ(agent.Get({1, 3, 2, 0}), passpersist::Counter64{5});
  ++calls;
  EXPECT_EQ(agent.Get({1, 3, 2, 0}), passpersist::Counter64{6});
  EXPECT_EQ(agent.Get({1, 3, 3, 0}), passpersist::Integer32{26});
  EXPECT_EQ(agent.Get({1, 3, 4, 0}), passpersist::OctetString{"up"});
  EXPECT_THAT(agent.TakeErrors(), IsEmpty());
  EXPECT_EQ(agent.Get({1, 3, 5, 0}), std::nullopt);
  EXPECT_THAT(agent.TakeErrors(), IsEmpty()) << "std::nullopt is not an error";
  door = true;
  EXPECT_EQ(agent.Get({1, 3, 5, 0}), passpersist::Integer32{1});
  EXPECT_EQ(agent.Get({1, 3, 6, 0}), std::nullopt);
  EXPECT_THAT(agent.TakeErrors(), ElementsAre(HasSubstr("no sensor")));
}

TEST(AddScalarTest, MayNeedSysUpTimeAndASize) {
  class AnHourAgo : public passpersist::SysUpTime {
    absl::StatusOr<absl::Time> Zero() override { return zero; }

   public:
    const absl::Time zero = absl::Now() - absl::Hours(1);
  };
  const auto sys_up_time = std::make_shared<AnHourAgo>();
  AgentBuilder builder;
  builder.SetSysUpTime(sys_up_time)
      .AddScalar(Oid{1, 3, 1}, passpersist::TimeStampOf([&] {
                   return sys_up_time->zero + absl::Minutes(1);
                 }))
      .AddScalar(Oid{1, 3, 2},
                 passpersist::PortListOf([] { return std::vector<int>{9}; }, 2))
      .AddScalar(Oid{1, 3, 3},
                 passpersist::Gauge32Of([] { return int64_t{-1}; }));
  TestAgent agent(std::move(builder));
  EXPECT_EQ(agent.Get({1, 3, 1, 0}), passpersist::TimeTicks{6000});
  EXPECT_EQ(agent.Get({1, 3, 2, 0}),
            (passpersist::OctetString{std::string("\0\x80", 2)}));
  EXPECT_THAT(agent.TakeErrors(), IsEmpty());
  EXPECT_EQ(agent.Get({1, 3, 3, 0}), passpersist::Gauge32{0});
  EXPECT_THAT(agent.TakeErrors(), ElementsAre(HasSubstr("the nearest is 0")));
}

TEST(AddScalarTest, BuildNamesARootThatIsNotAnOid) {
  AgentBuilder builder;
  builder.AddScalar(Oid::Parse("1.x"), &Load);
  const auto agent = builder.Build();
  ASSERT_FALSE(agent.ok());
  EXPECT_THAT(std::string(agent.status().message()), HasSubstr("1.x"));
}

}  // namespace
}  // namespace passpersist_testing
