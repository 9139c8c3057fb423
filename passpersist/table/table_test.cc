// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/table.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/table/column.h"
#include "passpersist/table/inet_address.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using table_internal::Declaration;
using testing::HasSubstr;
using testing::Optional;

enum class DiskState : int32_t { kOk = 1, kFailed = 3 };

struct Disk {
  std::string name;
  std::string model;
  uint64_t read_bytes = 0;
  int32_t temperature = 0;
  bool failing = false;
  std::optional<DiskState> state;
  absl::StatusOr<uint32_t> speed = uint32_t{7200};

  std::string Label() const { return name + "!"; }
};

const auto kDisks =  // NOLINT: a value without a destructor
    Table<Disk>({1, 1})
        .Index(&Disk::name)
        .Column(2, &Disk::model)
        .Column(3, Counter64Of(&Disk::read_bytes))
        .Column(4, &Disk::temperature)
        .Column(5, &Disk::failing)
        .Column(6, &Disk::state)
        .Column(7, &Disk::speed)
        .Column(8, &Disk::Label)
        .Column(9, [](const Disk& disk) { return disk.temperature < 10; })
        .Column(1, &Disk::name, Access::kNotAccessible);

const Declaration& Disks() { return kDisks.declaration(); }

// The value of a cell as a text: "none" if it is missing.
std::string Cell(const Declaration& declaration, uint32_t column,
                 const void* row) {
  const table_internal::Column* const found = declaration.Find(column);
  if (found == nullptr) return "no column";
  const auto value = found->ops->get(found->source, absl::UnixEpoch(), row);
  if (!value.ok()) return value.status().ToString();
  return value->has_value() ? ToString(**value) : "none";
}

// Stores a value in a row.
ErrorStatus SetCell(const Declaration& declaration, uint32_t column,
                    const Value& value, void* row) {
  const table_internal::Column* const found = declaration.Find(column);
  return found->ops->set(found->source, value, row);
}

TEST(TableTest, ReadsMembersAndFunctions) {
  Disk disk;
  disk.name = "sda";
  disk.model = "ST1000";
  disk.read_bytes = 1ull << 40;
  disk.temperature = -3;
  disk.failing = true;
  EXPECT_EQ(Cell(Disks(), 2, &disk), "OctetString \"ST1000\"");
  EXPECT_EQ(Cell(Disks(), 3, &disk), "Counter64 1099511627776");
  EXPECT_EQ(Cell(Disks(), 4, &disk), "Integer32 -3");
  EXPECT_EQ(Cell(Disks(), 5, &disk), "Integer32 1");
  EXPECT_EQ(Cell(Disks(), 6, &disk), "none");
  EXPECT_EQ(Cell(Disks(), 7, &disk), "Gauge32 7200");
  EXPECT_EQ(Cell(Disks(), 8, &disk), "OctetString \"sda!\"");
  EXPECT_EQ(Cell(Disks(), 9, &disk), "Integer32 1");
  EXPECT_EQ(Cell(Disks(), 10, &disk), "no column");
  disk.state = DiskState::kFailed;
  disk.speed = absl::UnavailableError("spun down");
  EXPECT_EQ(Cell(Disks(), 6, &disk), "Integer32 3");
  EXPECT_EQ(Cell(Disks(), 7, &disk), "UNAVAILABLE: spun down");
}

TEST(TableTest, StoresMembers) {
  Disk disk;
  EXPECT_EQ(SetCell(Disks(), 2, OctetString{"x"}, &disk),
            ErrorStatus::kNoError);
  EXPECT_EQ(SetCell(Disks(), 3, Counter64{7}, &disk), ErrorStatus::kNoError);
  EXPECT_EQ(SetCell(Disks(), 5, Integer32{1}, &disk), ErrorStatus::kNoError);
  EXPECT_EQ(SetCell(Disks(), 6, Integer32{3}, &disk), ErrorStatus::kNoError);
  EXPECT_EQ(disk.model, "x");
  EXPECT_EQ(disk.read_bytes, 7);
  EXPECT_TRUE(disk.failing);
  EXPECT_THAT(disk.state, Optional(DiskState::kFailed));
  EXPECT_EQ(SetCell(Disks(), 5, Integer32{3}, &disk), ErrorStatus::kWrongValue);
  EXPECT_EQ(Disks().Find(8)->ops->set, nullptr) << "a function";
}

TEST(TableTest, EncodesAndDecodesTheIndexOfARow) {
  Disk disk;
  disk.name = "sda";
  Oid index;
  EXPECT_THAT(Disks().EncodeIndex(&disk, 0, &index), IsOk());
  EXPECT_EQ(index, (Oid{3, 115, 100, 97}));
  EXPECT_THAT(Disks().EncodeIndex(&disk, 125, &index),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("129 arcs")));
  Disk decoded;
  EXPECT_TRUE(Disks().DecodeIndex(Oid{3, 115, 100, 97}.arcs(), &decoded));
  EXPECT_EQ(decoded.name, "sda");
  EXPECT_FALSE(Disks().DecodeIndex(Oid{3, 115, 100}.arcs(), &decoded));
  EXPECT_FALSE(Disks().DecodeIndex(Oid{3, 115, 100, 97, 1}.arcs(), &decoded));
  EXPECT_FALSE(Disks().DecodeIndex(Oid{3, 115, 100, 300}.arcs(), &decoded));
}

TEST(TableTest, KnowsTheIndexOfAKey) {
  EXPECT_EQ(*kDisks.IndexOf("sda"), (Oid{3, 115, 100, 97}));
  EXPECT_THAT(kDisks.KeyOf(Oid{3, 115, 100, 97}.arcs()),
              Optional(std::tuple("sda")));
  EXPECT_EQ(kDisks.KeyOf(Oid{3, 115}.arcs()), std::nullopt);
  EXPECT_EQ(*kDisks.RowPointer({1, 3, 6}, "sda"),
            (Oid{1, 3, 6, 1, 1, 1, 2, 3, 115, 100, 97}));
}

struct Base {
  uint16_t slot = 0;
  InetAddress address;
};
struct Peer : Base {
  std::string name;
  std::string code;
  Oid type;
};

TEST(TableTest, AnIndexMayHaveManyParts) {
  const auto peers = Table<Peer>("1")
                         .Index(&Peer::slot, &Peer::address,
                                Fixed<2>(&Peer::code), Implied(&Peer::name))
                         .Column(1, &Peer::type);
  static_assert(std::is_same_v<decltype(peers),
                               const Table<Peer, uint16_t, InetAddress,
                                           FixedString<2>, ImpliedString>>);
  Peer peer;
  peer.slot = 7;
  peer.address = *InetAddress::Parse("10.0.0.1");
  peer.code = "de";
  peer.name = "x";
  Oid index;
  ASSERT_THAT(peers.declaration().EncodeIndex(&peer, 0, &index), IsOk());
  EXPECT_EQ(index, (Oid{7, 1, 4, 10, 0, 0, 1, 100, 101, 120}));
  Peer decoded;
  ASSERT_TRUE(peers.declaration().DecodeIndex(index.arcs(), &decoded));
  EXPECT_EQ(decoded.slot, 7);
  EXPECT_EQ(decoded.address, peer.address);
  EXPECT_EQ(decoded.code, "de");
  EXPECT_EQ(decoded.name, "x");
  peer.name.clear();
  EXPECT_THAT(peers.declaration().EncodeIndex(&peer, 0, &index),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("4")));
}

TEST(TableTest, AnotherTableMayHaveTheSameIndexes) {
  struct More {
    std::string disk;
    uint32_t partitions = 0;
  };
  const auto more = Table<More>({2})
                        .Augments(kDisks, &More::disk)
                        .Column(1, &More::partitions);
  static_assert(std::is_same_v<decltype(more), const Table<More, std::string>>);
  EXPECT_EQ(more.IndexOf("sda"), kDisks.IndexOf("sda"));
}

TEST(TableTest, ATableHasARootOfItsOwn) {
  EXPECT_EQ(*Disks().RootBelow(Oid{1, 3, 6}), (Oid{1, 3, 6, 1, 1}));
  EXPECT_THAT(Disks().RootBelow(Oid::Parse("x")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("x")));
}

// The error that AgentBuilder reports for a table.
std::string ErrorOf(const Declaration& declaration) {
  const absl::StatusOr<Oid> root = declaration.RootBelow(Oid{1, 3, 6});
  return root.ok() ? "none" : std::string(root.status().message());
}

TEST(TableTest, ReportsErrorsOfADeclaration) {
  EXPECT_EQ(ErrorOf(Table<Disk>("1.x")
                        .Index(&Disk::name)
                        .Column(2, &Disk::model)
                        .declaration()),
            "table .: invalid OID \"1.x\": not a digit at character 3");
  EXPECT_EQ(ErrorOf(Table<Disk>({1})
                        .Index(&Disk::name)
                        .Column(0, &Disk::model)
                        .declaration()),
            "table .1: a column has number 0");
  EXPECT_EQ(ErrorOf(Table<Disk>({1})
                        .Index(&Disk::name)
                        .Column(2, &Disk::model)
                        .Column(2, &Disk::failing)
                        .declaration()),
            "table .1: column 2 is declared twice");
  EXPECT_EQ(ErrorOf(Table<Disk>({1})
                        .Index(&Disk::name)
                        .Column(2, &Disk::model, Access::kNotAccessible)
                        .declaration()),
            "table .1.3.6.1 has no column to serve");
  struct Long {
    std::array<uint8_t, 123> key;
    int32_t value;
  };
  EXPECT_EQ(ErrorOf(Table<Long>({1})
                        .Index(&Long::key)
                        .Column(2, &Long::value)
                        .declaration()),
            "table .1.3.6.1: a name has at least 129 arcs, more than 128");
}

}  // namespace
}  // namespace passpersist
