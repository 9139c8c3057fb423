// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/table_update.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"
#include "passpersist/table_builder.h"
#include "passpersist/testing/contents_lines.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::Lines;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

struct Port {
  int64_t index = 0;
  std::string name;
  std::optional<int32_t> mtu = std::nullopt;
  uint64_t octets = 0;
  double load = 0;
};

const auto kPorts =  // NOLINT: a value without a destructor
    Table<Port>({2})
        .Index(&Port::index)
        .Column(2, &Port::name)
        .Column(3, &Port::mtu)
        .Column(4, Counter32Of(&Port::octets))
        .Column(5, Scaled<2>(&Port::load));

constexpr size_t kRootArcs = 5;

// Runs an update and returns what it puts, followed by the errors.
std::vector<std::string> LinesOf(UpdateFn& update) {
  Contents contents;
  const absl::Status status = update(contents);
  if (!status.ok()) return {status.ToString()};
  std::vector<std::string> lines = Lines(contents);
  for (const absl::Status& error : contents.errors()) {
    lines.push_back(error.ToString());
  }
  return lines;
}

template <typename Table, typename Function>
UpdateFn MakeTableUpdate(const Table& table, Function read) {
  return table_internal::MakeUpdate(&table.declaration(), kRootArcs,
                                    table.MakeReadRows(std::move(read)));
}

template <typename Function>
std::vector<std::string> RunOnce(Function read) {
  UpdateFn update = MakeTableUpdate(kPorts, std::move(read));
  return LinesOf(update);
}

TEST(TableUpdateTest, PutsTheCellsOfRows) {
  EXPECT_THAT(
      RunOnce([] {
        return std::vector<Port>{{1, "a", 1500, 5'000'000'000, 0.256},
                                 {7, "b", std::nullopt, 7, -1}};
      }),
      ElementsAre(".1.2.1 = OctetString \"a\"", ".1.2.7 = OctetString \"b\"",
                  ".1.3.1 = Integer32 1500", ".1.4.1 = Counter32 705032704",
                  ".1.4.7 = Counter32 7", ".1.5.1 = Integer32 26",
                  ".1.5.7 = Integer32 -100"));
}

TEST(TableUpdateTest, TakesRowsInManyForms) {
  const std::vector<std::string> expected = RunOnce([] {
    return std::vector<Port>{{1, "a"}, {2, "b"}};
  });
  EXPECT_EQ(RunOnce([]() -> absl::StatusOr<std::vector<Port>> {
              return std::vector<Port>{{1, "a"}, {2, "b"}};
            }),
            expected);
  EXPECT_EQ(RunOnce([](std::vector<Port>& rows) {
              rows = {{1, "a"}, {2, "b"}};
            }),
            expected);
  EXPECT_EQ(RunOnce([](std::vector<Port>& rows) {
              EXPECT_THAT(rows, IsEmpty());
              rows = {{1, "a"}, {2, "b"}};
              return absl::OkStatus();
            }),
            expected);
  EXPECT_EQ(RunOnce([] {
              return std::map<int, Port>{{5, {1, "a"}}, {6, {2, "b"}}};
            }),
            expected);
  EXPECT_EQ(RunOnce([] {
              std::vector<std::unique_ptr<Port>> rows;
              rows.push_back(std::make_unique<Port>(Port{1, "a"}));
              rows.push_back(std::make_unique<Port>(Port{2, "b"}));
              return rows;
            }),
            expected);
  static const std::vector<Port> kept = {{1, "a"}, {2, "b"}};
  EXPECT_EQ(RunOnce([]() -> const std::vector<Port>& { return kept; }),
            expected);
}

TEST(TableUpdateTest, AnErrorOfTheFunctionFailsTheUpdate) {
  EXPECT_THAT(RunOnce([]() -> absl::StatusOr<std::vector<Port>> {
                return absl::UnavailableError("no driver");
              }),
              ElementsAre("UNAVAILABLE: no driver"));
  EXPECT_THAT(RunOnce([](std::vector<Port>&) {
                return absl::UnavailableError("no driver");
              }),
              ElementsAre("UNAVAILABLE: no driver"));
}

TEST(TableUpdateTest, LeavesOutARowWithoutAnIndexAndACellWithoutAValue) {
  EXPECT_THAT(
      RunOnce([] {
        return std::vector<Port>{
            {-5, "bad"},
            {1, "a", 5, 6, std::numeric_limits<double>::infinity()}};
      }),
      ElementsAre(".1.2.1 = OctetString \"a\"", ".1.3.1 = Integer32 5",
                  ".1.4.1 = Counter32 6",
                  "OUT_OF_RANGE: a row is left out: -5 is not a table index: "
                  "0..4294967295",
                  "INVALID_ARGUMENT: .1.5.1 is left out: inf is not an "
                  "integer"));
}

TEST(TableUpdateTest, LeavesOutANullPointer) {
  EXPECT_THAT(RunOnce([] {
                std::vector<std::unique_ptr<Port>> rows(2);
                rows[1] = std::make_unique<Port>(Port{1, "a", 5});
                return rows;
              }),
              ElementsAre(".1.2.1 = OctetString \"a\"", ".1.3.1 = Integer32 5",
                          ".1.4.1 = Counter32 0", ".1.5.1 = Integer32 0",
                          "INVALID_ARGUMENT: a row is left out: the pointer to "
                          "it is null"));
}

TEST(TableUpdateTest, AnUpdateAfterAnExceptionServesItsOwnRows) {
  bool throws = true;
  const auto ports = Table<Port>({2})
                         .Index(&Port::index)
                         .Column(1, &Port::name)
                         .Column(2, [&](const Port& port) {
                           if (throws) throw std::runtime_error("bad");
                           return port.mtu;
                         });
  std::vector<Port> rows = {{1, "a", 1}, {2, "b", 2}};
  UpdateFn update = MakeTableUpdate(ports, [&] { return rows; });
  EXPECT_THROW(LinesOf(update), std::runtime_error);
  throws = false;
  rows.pop_back();
  EXPECT_THAT(LinesOf(update), ElementsAre(".1.1.1 = OctetString \"a\"",
                                           ".1.2.1 = Integer32 1"));
}

TEST(TableUpdateTest, OfTwoRowsWithOneIndexTheLaterOneIsServed) {
  EXPECT_THAT(
      RunOnce([] {
        return std::vector<Port>{{2, "old", 5}, {1, "a"}, {2, "new"}};
      }),
      ElementsAre(".1.2.1 = OctetString \"a\"", ".1.2.2 = OctetString \"new\"",
                  ".1.4.1 = Counter32 0", ".1.4.2 = Counter32 0",
                  ".1.5.1 = Integer32 0", ".1.5.2 = Integer32 0",
                  "ALREADY_EXISTS: row .2 of .1 was added twice"));
}

// The same table, filled by hand.
std::vector<std::string> LinesByHand(const std::vector<Port>& ports) {
  TableBuilder builder;
  const auto name = builder.AddColumn<OctetString>(2);
  const auto mtu = builder.AddColumn<Integer32>(3);
  const auto octets = builder.AddColumn<Counter32>(4);
  const auto load = builder.AddColumn<Integer32>(5);
  for (const Port& port : ports) {
    auto row = builder.AddRow({static_cast<uint32_t>(port.index)});
    row.Set(name, OctetString{port.name})
        .Set(octets, Counter32::FromNumberWrapped(port.octets))
        .Set(load, Integer32::FromNumber(port.load * 100));
    if (port.mtu.has_value()) row.Set(mtu, Integer32{*port.mtu});
  }
  Contents contents;
  contents.PutTable({1}, builder);
  return Lines(contents);
}

// Blocks of rows, rows that come and go, long strings and missing cells: the
// same as by hand, update after update.
TEST(TableUpdateTest, IsTheSameAsATableByHand) {
  std::mt19937 random(1);
  std::vector<Port> ports;
  UpdateFn update = MakeTableUpdate(kPorts, [&] { return ports; });
  for (const size_t rows : {0, 1, 127, 128, 129, 500, 500, 499, 130, 130, 0}) {
    for (const bool shuffled : {false, true}) {
      ports.clear();
      for (size_t i = 0; i < rows; ++i) {
        Port port;
        port.index = static_cast<int64_t>(i * 300 + 1);
        port.name.assign(random() % 50 == 0 ? 700 : random() % 5, 'x');
        if (random() % 3 != 0) port.mtu = static_cast<int32_t>(random() % 9000);
        port.octets = random();
        port.load = static_cast<double>(random() % 1000) / 7;
        ports.push_back(std::move(port));
      }
      if (shuffled) std::shuffle(ports.begin(), ports.end(), random);
      EXPECT_EQ(LinesOf(update), LinesByHand(ports)) << rows << " rows";
    }
  }
}

}  // namespace
}  // namespace passpersist
