// SPDX-License-Identifier: Apache-2.0
//
// The code of docs/tables.md and docs/testing.md, and what it serves.

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
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
#include "passpersist/table/computed_table.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/inet_address.h"
#include "passpersist/table/live_table.h"
#include "passpersist/table/mac_address.h"
#include "passpersist/table/oid_less.h"
#include "passpersist/table/table.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/simulation.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/testing/test_table.h"
#include "passpersist/value.h"

using namespace passpersist;  // NOLINT: an example

namespace {

using passpersist_testing::FakeStore;
using passpersist_testing::Simulation;
using passpersist_testing::TestAgent;
using passpersist_testing::TestTable;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kRoot[] = ".1.3.6.1.3.53";

enum class Mode : int32_t { kOff = 1, kOn = 2 };

struct Sensor {
  uint32_t id = 0;
  std::string name;
  double volts = 0;
  absl::Time checked;
  std::optional<Mode> mode;
  absl::StatusOr<int32_t> celsius = 20;
};

const auto kSensors =
    Table<Sensor>({1})
        .Index(&Sensor::id)
        .Column(1, &Sensor::id, Access::kNotAccessible)
        .Column(2, DisplayStringOf(&Sensor::name))
        .Column(3, Scaled<2>(&Sensor::volts))
        .Column(4, DateAndTimeOf(&Sensor::checked))
        .Column(5, &Sensor::mode)
        .Column(6, &Sensor::celsius)
        .Column(7, [](const Sensor& sensor) { return sensor.volts > 0; });

std::vector<Sensor> ReadSensors() {
  Sensor inlet;
  inlet.id = 5;
  inlet.name = "inlet";
  inlet.volts = 3.297;
  inlet.checked = absl::FromUnixSeconds(0);
  inlet.mode = Mode::kOn;
  Sensor outlet;
  outlet.id = 7;
  outlet.name = "outlet";
  outlet.celsius = absl::UnavailableError("no answer");
  return {inlet, outlet};
}

struct Limit {
  uint32_t sensor = 0;
  int32_t celsius = 0;
};

const auto kLimits = Table<Limit>({2})
                         .Augments(kSensors, &Limit::sensor)
                         .Column(1, &Limit::celsius);

std::vector<Limit> ReadLimits() { return {{7, 80}}; }

struct Peer {
  InetAddress address;
  uint16_t port = 0;
  std::string user;
  uint64_t octets = 0;
};

const auto kPeers =
    Table<Peer>({3})
        .Index(&Peer::address, &Peer::port, Implied(&Peer::user))
        .Column(3, [](const Peer& peer) { return peer.address.type; })
        .Column(4, [](const Peer& peer) { return peer.address.bytes; })
        .Column(5, Counter64Of(&Peer::octets));

std::vector<Peer> ReadPeers() {
  const InetAddress address = {InetAddressType::kIpv4, "\x0a\x01\x01\x02"};
  return {{address, 443, "b", 2}, {address, 80, "aa", 1}, {address, 22, "", 0}};
}

struct Link {
  uint32_t id = 0;
  uint64_t octets = 0;
  absl::Time reset_at = absl::Time();
};

const auto kLinks = Table<Link>({7})
                        .Index(&Link::id)
                        .RowCount({6})
                        .LastChange({8})
                        .Column(2, Counter32Of(&Link::octets))
                        .Discontinuity(3, &Link::reset_at);

struct User {
  std::string name;
  int32_t sessions = 0;
};

const auto kUsers = Table<User>({9})
                        .Index(&User::name)
                        .RowCount({10})
                        .Column(2, &User::sessions);

double CurrentLoad() { return 1.234; }

std::atomic<uint64_t> calls{0};

void AddSensors(AgentBuilder& builder) {
  builder.AddTable(Oid::Parse(kRoot), absl::Seconds(5), kSensors, ReadSensors);
  builder.AddTable(Oid::Parse(kRoot), absl::Minutes(1), kLimits, ReadLimits);
}

void AddPeers(AgentBuilder& builder) {
  builder.AddTable(Oid::Parse(kRoot), absl::Seconds(5), kPeers, ReadPeers);
  builder.AddScalar(Oid::Parse(".1.3.6.1.3.53.4"), Scaled<2>(&CurrentLoad));
  builder.AddScalar(Oid::Parse(".1.3.6.1.3.53.5"), Counter64Of(&calls));
}

AgentBuilder Builder() {
  AgentBuilder builder;
  AddSensors(builder);
  AddPeers(builder);
  return builder;
}

// Returns the name of a cell of the sensors.
Oid SensorCell(uint32_t column, uint32_t id) {
  return {1, 3, 6, 1, 3, 53, 1, 1, column, id};
}

TEST(TablesTest, ServesEachTypeOfColumn) {
  TestAgent agent(Builder());
  EXPECT_EQ(agent.Get(SensorCell(1, 5)), std::nullopt) << "not accessible";
  EXPECT_EQ(agent.Get(SensorCell(2, 5)), OctetString{"inlet"});
  EXPECT_EQ(agent.Get(SensorCell(3, 5)), Integer32{330});
  EXPECT_EQ(agent.Get(SensorCell(4, 5)),
            OctetString{std::string("\x07\xb2\x01\x01\0\0\0\0+\0\0", 11)});
  EXPECT_EQ(agent.Get(SensorCell(5, 5)), Integer32{2});
  EXPECT_EQ(agent.Get(SensorCell(7, 5)), Integer32{1});
  EXPECT_EQ(agent.Get(SensorCell(7, 7)), Integer32{2});
}

TEST(TablesTest, ACellWithoutAValueIsMissing) {
  TestAgent agent(Builder());
  EXPECT_EQ(agent.Get(SensorCell(5, 7)), std::nullopt);
  EXPECT_EQ(agent.Get(SensorCell(6, 7)), std::nullopt);
  EXPECT_EQ(agent.Get(SensorCell(6, 5)), Integer32{20});
  EXPECT_THAT(agent.TakeErrors(), testing::Contains(HasSubstr("no answer")));
}

TEST(TablesTest, ARowWithoutAnIndexIsLeftOut) {
  TestAgent agent(Builder());
  std::vector<Oid> names;
  for (const VarBind& row : agent.Walk({1, 3, 6, 1, 3, 53, 3, 1, 5})) {
    names.push_back(row.oid);
  }
  // The port comes before the user: 80 before 443.
  const Oid aa = *kPeers.IndexOf(*InetAddress::Parse("10.1.1.2"), 80, "aa");
  EXPECT_EQ(aa, (Oid{1, 4, 10, 1, 1, 2, 80, 97, 97}));
  Oid first = {1, 3, 6, 1, 3, 53, 3, 1, 5};
  first.Append(aa);
  EXPECT_THAT(names, ElementsAre(first, testing::_));
}

TEST(TablesTest, AMemberMayHaveTwoColumns) {
  TestAgent agent(Builder());
  const Oid index = {1, 4, 10, 1, 1, 2, 80, 97, 97};
  EXPECT_EQ(agent.Get(Concat({1, 3, 6, 1, 3, 53, 3, 1, 3}, index)),
            Integer32{1});
  EXPECT_EQ(agent.Get(Concat({1, 3, 6, 1, 3, 53, 3, 1, 4}, index)),
            OctetString{"\x0a\x01\x01\x02"});
}

// Returns the arcs of a value that is the whole index.
template <typename Part>
Oid ArcsOf(const typename IndexPart<Part>::Value& value) {
  return IndexCodec<Part>().Encode(value).value();
}

TEST(TablesTest, EachKindOfIndexHasItsArcs) {
  EXPECT_EQ(ArcsOf<uint32_t>(7), Oid{7});
  EXPECT_EQ(ArcsOf<std::string>("sda"), (Oid{3, 115, 100, 97}));
  EXPECT_EQ(ArcsOf<FixedString<3>>("sda"), (Oid{115, 100, 97}));
  EXPECT_EQ((ArcsOf<std::array<uint8_t, 3>>({115, 100, 97})),
            (Oid{115, 100, 97}));
  EXPECT_EQ(ArcsOf<ImpliedString>("sda"), (Oid{115, 100, 97}));
  EXPECT_EQ(ArcsOf<Oid>({1, 3, 6}), (Oid{3, 1, 3, 6}));
  EXPECT_EQ(ArcsOf<ImpliedOid>({1, 3, 6}), (Oid{1, 3, 6}));
  EXPECT_EQ(ArcsOf<IpAddress>({{10, 1, 1, 2}}), (Oid{10, 1, 1, 2}));
  EXPECT_EQ(ArcsOf<MacAddress>({{2, 0, 0x5e, 0x10, 0, 0xa}}),
            (Oid{2, 0, 94, 16, 0, 10}));
  EXPECT_EQ(ArcsOf<InetAddress>(*InetAddress::Parse("10.1.1.2")),
            (Oid{1, 4, 10, 1, 1, 2}));
}

TEST(TablesTest, ATableHasRowsForSomeRowsOfAnother) {
  TestAgent agent(Builder());
  EXPECT_EQ(agent.Get({1, 3, 6, 1, 3, 53, 2, 1, 1, 7}), Integer32{80});
  EXPECT_EQ(agent.Get({1, 3, 6, 1, 3, 53, 2, 1, 1, 5}), std::nullopt);
}

TEST(TablesTest, ServesScalars) {
  TestAgent agent(Builder());
  EXPECT_EQ(agent.Get({1, 3, 6, 1, 3, 53, 4, 0}), Integer32{123});
  EXPECT_EQ(agent.Get({1, 3, 6, 1, 3, 53, 5, 0}), Counter64{0});
  ++calls;
  EXPECT_EQ(agent.Get({1, 3, 6, 1, 3, 53, 5, 0}), Counter64{1});
}

TEST(TablesTest, ALiveTableTellsWhatChanges) {
  AgentBuilder builder;
  const auto links = MakeLiveTable(kLinks);
  builder.AddTable(Oid::Parse(kRoot), links);
  TestAgent agent(std::move(builder));
  EXPECT_EQ(agent.Get({1, 3, 6, 1, 3, 53, 8, 0}), TimeTicks{0});
  EXPECT_TRUE(links->Upsert({5, 1000, {}}).ok());
  EXPECT_TRUE(links->Upsert({7, 2000, {}}).ok());
  EXPECT_TRUE(links->Upsert({5, 10, {}}).ok());  // it counts from 0 again
  EXPECT_EQ(agent.Get({1, 3, 6, 1, 3, 53, 6, 0}), Gauge32{2});
  EXPECT_GT(links->Find(5)->reset_at, absl::UnixEpoch());
  EXPECT_EQ(links->Find(7)->reset_at, absl::UnixEpoch());
}

TEST(TablesTest, AComputedTableReadsTheData) {
  std::mutex mutex;
  std::map<std::string, User, OidLess<std::string>> users;
  AgentBuilder builder;
  builder.AddTable(Oid::Parse(kRoot), kUsers, MapRows(&users),
                   [&] { return std::unique_lock<std::mutex>(mutex); });
  TestAgent agent(std::move(builder));
  {
    const std::lock_guard<std::mutex> lock(mutex);
    users["b"].sessions = 3;
  }
  EXPECT_EQ(agent.Get({1, 3, 6, 1, 3, 53, 9, 1, 2, 1, 98}), Integer32{3});
  EXPECT_EQ(agent.Get({1, 3, 6, 1, 3, 53, 10, 0}), Gauge32{1});
}

TEST(TablesTest, ReadsCellsAndRowsByTheirMembers) {
  TestAgent agent(Builder());
  const InetAddress address = *InetAddress::Parse("10.1.1.2");
  TestTable peers(&agent, *Oid::Parse(kRoot), kPeers);
  EXPECT_EQ(peers.Get(address, 80, "aa", &Peer::octets), 1);
  EXPECT_EQ(peers.Get(address, 81, "aa", &Peer::octets), std::nullopt);
  EXPECT_EQ(peers.Set(address, 80, "aa", &Peer::octets, 7),
            ErrorStatus::kNotWritable);
  const std::vector<Peer> rows = peers.Walk();
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].user, "aa");
  EXPECT_EQ(rows[1].octets, 2);
}

TEST(TablesTest, ASlowUpdateDelaysNoAnswer) {
  const auto simulation = std::make_shared<Simulation>();
  int32_t celsius = 40;
  AgentBuilder builder;
  builder.AddTable(Oid::Parse(kRoot), absl::Seconds(5), kLimits, [&] {
    simulation->Sleep(absl::Seconds(3));
    return std::vector<Limit>{{7, celsius}};
  });
  TestAgent agent(std::move(builder), simulation);
  TestTable limits(&agent, *Oid::Parse(kRoot), kLimits);
  celsius = 80;
  agent.Advance(absl::Seconds(2));  // 5 s after its start: the next update
  EXPECT_EQ(limits.Get(7u, &Limit::celsius), 40);
  agent.Advance(absl::Seconds(3));
  EXPECT_EQ(limits.Get(7u, &Limit::celsius), 80);
}

TEST(TablesTest, ReportsAStoreThatRefusesTheRows) {
  FakeStore* store = nullptr;  // the last one that was made: of the table
  AgentBuilder builder;
  builder.SetStoreFactory([&store] {
    auto made = std::make_unique<FakeStore>();
    store = made.get();
    return made;
  });
  builder.AddTable(Oid::Parse(kRoot), absl::Seconds(5), kLimits, ReadLimits);
  TestAgent agent(std::move(builder));
  store->FailWith(absl::ResourceExhaustedError("disk full"));
  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(agent.TakeErrors(), ElementsAre(HasSubstr("disk full")));
}

TEST(TablesTest, OidLessHasTheOrderOfAWalk) {
  std::map<std::string, Sensor, OidLess<std::string>> sensors;
  sensors["aa"].id = 1;
  sensors["b"].id = 2;
  EXPECT_EQ(sensors.begin()->first, "b") << "1.98 is before 2.97.97";
}

}  // namespace
