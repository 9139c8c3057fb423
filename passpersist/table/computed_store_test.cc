// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/computed_store.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/base/config.h"
#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/oid_less.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A row has the cells that are not std::nullopt.
struct Disk {
  std::string name;
  std::optional<int32_t> size;
  std::optional<int32_t> load;
};
constexpr uint32_t kSize = 2;
constexpr uint32_t kLoad = 7;

std::optional<Value> GetCell(const Disk& disk, uint32_t column) {
  const std::optional<int32_t>& cell = column == kSize ? disk.size : disk.load;
  if (!cell) return std::nullopt;
  return Value(Integer32{*cell});
}

std::string NameOf(const Disk& disk) { return disk.name; }

using Less = OidLess<std::string>;
using DiskMap = std::map<std::string, Disk, Less>;

class ComputedStoreTest : public testing::Test {
 protected:
  template <typename Rows, typename... Guard>
  std::unique_ptr<OidStore> NewStore(Rows rows, Guard... guard) {
    return NewComputedStore(
        IndexCodec<std::string>(), {kSize, kLoad}, std::move(rows), &GetCell,
        [this](const absl::Status& error) {
          EXPECT_FALSE(is_guarded_);
          errors_.push_back(error);
        },
        std::move(guard)...);
  }

  std::vector<absl::Status> errors_;
  bool is_guarded_ = false;
};

// What an iterator is at, or nothing at the end.
std::string EntryAt(const Iterator& iterator) {
  if (!iterator.Valid()) return "end";
  const Value& value = std::get<Value>(iterator.value());
  return iterator.suffix().ToString() + " " +
         std::to_string(std::get<Integer32>(value).value);
}

std::vector<std::string> Walk(const OidStore& store) {
  std::vector<std::string> entries;
  const std::unique_ptr<Iterator> iterator = store.snapshot()->NewIterator();
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    entries.push_back(EntryAt(*iterator));
  }
  return entries;
}

DiskMap ThreeDisks() {
  DiskMap disks;
  disks["aa"] = {"aa", 1, 4};
  disks["b"] = {"b", 2, std::nullopt};
  disks["c"] = {"c", 3, 5};
  return disks;
}

TEST_F(ComputedStoreTest, WalksColumnByColumnInOidOrder) {
  const DiskMap disks = ThreeDisks();
  EXPECT_THAT(Walk(*NewStore(MapRows(&disks))),
              ElementsAre(".1.2.1.98 2", ".1.2.1.99 3", ".1.2.2.97.97 1",
                          ".1.7.1.99 5", ".1.7.2.97.97 4"));
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ComputedStoreTest, AnEmptyTableHasNoEntries) {
  const DiskMap disks;
  const auto store = NewStore(MapRows(&disks));
  EXPECT_THAT(Walk(*store), IsEmpty());
  EXPECT_EQ(store->snapshot()->size(), 0u);
}

// The same data in each form of rows.
struct AllRows {
  DiskMap map;
  absl::btree_map<std::string, Disk, Less> btree_map;
  std::vector<Disk> vector;
};

AllRows RandomRows(std::mt19937& random) {
  const auto cell = [&]() -> std::optional<int32_t> {
    if (random() % 3 == 0) return std::nullopt;
    return static_cast<int32_t>(random() % 1000);
  };
  AllRows rows;
  for (int i = 0; i < 40; ++i) {
    std::string name;
    while (random() % 3 != 0) name.push_back("\0ab\xff"[random() % 4]);
    rows.map[name] = {name, cell(), cell()};
  }
  for (const auto& [name, disk] : rows.map) {
    rows.btree_map[name] = disk;
    rows.vector.push_back(disk);
  }
  return rows;
}

std::map<Oid, std::string> ModelOf(const AllRows& rows) {
  std::map<Oid, std::string> model;
  for (const auto& [name, disk] : rows.map) {
    for (const uint32_t column : {kSize, kLoad}) {
      const std::optional<Value> cell = GetCell(disk, column);
      if (!cell) continue;
      const Oid suffix = Concat({1, column}, EncodeString(name));
      model[suffix] = suffix.ToString() + " " +
                      std::to_string(std::get<Integer32>(*cell).value);
    }
  }
  return model;
}

TEST_F(ComputedStoreTest, FindsWhatFollowsAnyName) {
  std::mt19937 random;
  for (int round = 0; round < 20; ++round) {
    const AllRows rows = RandomRows(random);
    const std::map<Oid, std::string> model = ModelOf(rows);
    std::vector<std::unique_ptr<OidStore>> stores;
    stores.push_back(NewStore(MapRows(&rows.map)));
    stores.push_back(NewStore(MapRows(&rows.btree_map)));
    stores.push_back(
        NewStore(MakeVectorRows<std::string>(&rows.vector, &NameOf)));
    const auto row_at = [&](DiskMap::const_iterator position) {
      return position == rows.map.end() ? nullptr : &position->second;
    };
    stores.push_back(NewStore(MakeFunctionRows<std::string, Disk>(
        [&](const std::string& key) {
          return row_at(rows.map.lower_bound(key));
        },
        [&](const std::string& key) {
          return row_at(rows.map.upper_bound(key));
        },
        &NameOf)));
    for (const auto& store : stores) {
      const auto iterator = store->snapshot()->NewIterator();
      EXPECT_FALSE(iterator->Valid());
      for (int i = 0; i < 200; ++i) {
        constexpr uint32_t kArcs[] = {0,  1,  2,   3,   7,
                                      97, 98, 255, 256, 4294967295};
        Oid name;
        if (random() % 2 == 0) name = {1, random() % 2 == 0 ? kSize : kLoad};
        while (random() % 4 != 0) name.Append(kArcs[random() % 10]);
        auto expected = model.lower_bound(name);
        const auto at_expected = [&] {
          return expected == model.end() ? "end" : expected->second;
        };
        iterator->Seek(name);
        ASSERT_EQ(EntryAt(*iterator), at_expected()) << name;
        for (int next = 0; next < 3 && iterator->Valid(); ++next) {
          iterator->Next();
          ++expected;
          ASSERT_EQ(EntryAt(*iterator), at_expected()) << name;
        }
      }
      EXPECT_EQ(Walk(*store).size(), model.size());
    }
  }
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ComputedStoreTest, AWalkSeesRowsThatComeAndGo) {
  DiskMap disks = ThreeDisks();
  const auto store = NewStore(MapRows(&disks));
  const auto iterator = store->snapshot()->NewIterator();
  iterator->SeekToFirst();
  EXPECT_EQ(EntryAt(*iterator), ".1.2.1.98 2");
  disks.erase("b");
  disks.erase("c");
  disks["a"] = {"a", 6, 6};
  disks["d"] = {"d", 7, 7};
  iterator->Next();
  EXPECT_EQ(EntryAt(*iterator), ".1.2.1.100 7");
  disks.clear();
  iterator->Next();
  EXPECT_FALSE(iterator->Valid());
  EXPECT_THAT(errors_, IsEmpty());
}

TEST_F(ComputedStoreTest, TheGuardIsHeldWhileRowsAreRead) {
  const DiskMap disks = ThreeDisks();
  int guards = 0;
  const auto find = [&](auto position) -> const Disk* {
    EXPECT_TRUE(is_guarded_);
    return position == disks.end() ? nullptr : &position->second;
  };
  const auto store = NewStore(
      MakeFunctionRows<std::string, Disk>(
          [&](const std::string& key) { return find(disks.lower_bound(key)); },
          [&](const std::string& key) { return find(disks.upper_bound(key)); },
          &NameOf),
      [&] {
        ++guards;
        is_guarded_ = true;
        const auto release = [this](bool*) { is_guarded_ = false; };
        return std::unique_ptr<bool, decltype(release)>(&is_guarded_, release);
      });
  const auto iterator = store->snapshot()->NewIterator();
  iterator->Seek({1, kLoad, 1, 99});
  EXPECT_EQ(EntryAt(*iterator), ".1.7.1.99 5");
  EXPECT_FALSE(is_guarded_);
  EXPECT_EQ(guards, 1);
  // Passes over a row and a column.
  iterator->Seek({1, kSize, 2, 97, 98});
  EXPECT_EQ(EntryAt(*iterator), ".1.7.1.99 5");
  EXPECT_EQ(guards, 2);
}

TEST_F(ComputedStoreTest, ReportsRowsOutOfOrderOnce) {
  const std::vector<Disk> disks = {
      {"b", 1, {}}, {"aa", 2, {}}, {"c", 3, {}}, {"c", 4, {}}, {"ddd", 5, {}}};
  const auto store = NewStore(MakeVectorRows<std::string>(&disks, &NameOf));
  EXPECT_THAT(Walk(*store), ElementsAre(".1.2.1.98 1", ".1.2.2.97.97 2",
                                        ".1.2.3.100.100.100 5"));
  Walk(*store);
  EXPECT_THAT(errors_,
              ElementsAre(StatusIs(absl::StatusCode::kFailedPrecondition,
                                   "rows of a computed table are out of "
                                   "order: index .1.99 after .2.97.97")));
}

TEST_F(ComputedStoreTest, ARowBeforeTheOneThatIsAskedForIsOutOfOrder) {
  const DiskMap disks = ThreeDisks();
  const auto store = NewStore(MakeFunctionRows<std::string, Disk>(
      [&](const std::string&) { return &disks.begin()->second; },
      [&](const std::string& key) -> const Disk* {
        const auto next = disks.upper_bound(key);
        return next == disks.end() ? nullptr : &next->second;
      },
      &NameOf));
  EXPECT_EQ(Walk(*store).size(), 5u);
  EXPECT_THAT(errors_,
              ElementsAre(StatusIs(absl::StatusCode::kFailedPrecondition,
                                   HasSubstr("index .1.98 after .1.99"))));
}

TEST_F(ComputedStoreTest, LeavesOutRowsWhoseIndexHasNoEncoding) {
  std::map<int64_t, Disk, OidLess<int64_t>> numbers;
  for (const int64_t number : {-2, -1, 0, 5}) numbers[number] = {"", 1, 2};
  numbers[4294967296] = {"", 1, 2};
  const auto report = [&](const absl::Status& e) { errors_.push_back(e); };
  auto store = NewComputedStore(IndexCodec<int64_t>(), {kSize},
                                MapRows(&numbers), &GetCell, report);
  EXPECT_THAT(Walk(*store), ElementsAre(".1.2.0 1", ".1.2.5 1"));
  EXPECT_THAT(errors_, ElementsAre(StatusIs(absl::StatusCode::kOutOfRange,
                                            HasSubstr("4294967296"))));

  errors_.clear();
  std::map<std::string, Disk, OidLess<FixedString<2>>> names;
  for (const std::string name : {"ab", "abc", "b", "zz"}) {
    names[name] = {name, 1, 2};
  }
  store = NewComputedStore(IndexCodec<FixedString<2>>(), {kSize},
                           MapRows(&names), &GetCell, report);
  EXPECT_THAT(Walk(*store), ElementsAre(".1.2.97.98 1", ".1.2.122.122 1"));
  EXPECT_THAT(errors_, ElementsAre(StatusIs(absl::StatusCode::kInvalidArgument,
                                            HasSubstr("\"abc\""))));
}

TEST_F(ComputedStoreTest, RefusesWrites) {
  const DiskMap disks;
  const auto store = NewStore(MapRows(&disks));
  EXPECT_THAT(store->Replace(Contents()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "a computed table is changed by its application only"));
  EXPECT_THAT(store->Apply(Changes()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "a computed table is changed by its application only"));
}

TEST_F(ComputedStoreTest, CountsRowsTimesColumns) {
  const DiskMap disks = ThreeDisks();
  const auto store = NewStore(MapRows(&disks));
  EXPECT_EQ(store->snapshot()->size(), 6u);
  EXPECT_TRUE(store->snapshot()->IsNewest());
  EXPECT_GT(store->ApproximateMemory(), 0u);
}

TEST_F(ComputedStoreTest, AnIteratorOutlivesTheStore) {
  const DiskMap disks = ThreeDisks();
  auto store = NewStore(MapRows(&disks));
  const auto iterator = store->snapshot()->NewIterator();
  store.reset();
  iterator->Seek({1, kLoad});
  EXPECT_EQ(EntryAt(*iterator), ".1.7.1.99 5");
}

#ifdef ABSL_HAVE_EXCEPTIONS
TEST_F(ComputedStoreTest, AnExceptionIsAnErrorAndFindsNothing) {
  const DiskMap disks = ThreeDisks();
  const auto store = NewComputedStore(
      IndexCodec<std::string>(), {kSize}, MapRows(&disks),
      [](const Disk&, uint32_t) -> std::optional<Value> {
        throw std::runtime_error("no sensor");
      },
      [&](const absl::Status& error) { errors_.push_back(error); });
  EXPECT_THAT(Walk(*store), IsEmpty());
  EXPECT_THAT(errors_, ElementsAre(StatusIs(absl::StatusCode::kInternal,
                                            "exception: no sensor")));
}
#endif

}  // namespace
}  // namespace passpersist
