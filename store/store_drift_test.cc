// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"
#include "store/btree_store.h"
#include "store/testing/store_conformance_model.h"
#include "store/trie_store.h"

// After ten thousand changes, a store is at most a fifth larger than a store
// that was loaded with the resulting entries.

namespace passpersist_testing {
namespace {

using passpersist::BtreeStore;
using passpersist::Changes;
using passpersist::Concat;
using passpersist::Counter32;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::OidStore;
using passpersist::StoreFactory;
using passpersist::TrieStore;

constexpr int kChanges = 10000;
constexpr double kMaxGrowth = 1.2;

class StoreDriftTest : public testing::TestWithParam<StoreFactory> {
 protected:
  void Load(const std::vector<StoreRow>& rows) {
    model_.Replace(rows);
    ASSERT_TRUE(store_->Replace(ToContents(rows)).ok());
  }

  void Apply(const Changes& changes) {
    model_.Apply(changes);
    ASSERT_TRUE(store_->Apply(changes).ok());
  }

  // Expects that the store holds the entries of the model, and takes little
  // more memory than a store that was loaded with them.
  void ExpectNoDrift() const {
    const std::vector<StoreRow> rows = model_.Rows();
    ASSERT_EQ(ReadRows(*store_->snapshot()), rows);
    const std::unique_ptr<OidStore> fresh = GetParam()();
    ASSERT_TRUE(fresh->Replace(ToContents(rows)).ok());
    const auto memory = static_cast<double>(store_->ApproximateMemory());
    const auto loaded = static_cast<double>(fresh->ApproximateMemory());
    EXPECT_LT(memory, kMaxGrowth * loaded)
        << memory / loaded << " times, " << rows.size() << " entries";
  }

  std::mt19937 random_{1};
  const std::unique_ptr<OidStore> store_ = GetParam()();
  StoreModel model_;
};

std::vector<StoreRow> Table(const std::vector<Oid>& indexes, uint32_t columns) {
  std::vector<StoreRow> rows;
  for (uint32_t column = 1; column <= columns; ++column) {
    for (const Oid& index : indexes) {
      rows.push_back({Concat({1, column}, index), Counter32{column}, ""});
    }
  }
  return rows;
}

std::vector<Oid> Numbers(uint32_t count) {
  std::vector<Oid> indexes;
  for (uint32_t i = 1; i <= count; ++i) indexes.push_back({i});
  return indexes;
}

Oid Address(std::mt19937* random) {
  Oid index;
  for (int i = 0; i < 6; ++i) {
    index.Append(static_cast<uint32_t>((*random)() % 256));
  }
  return index;
}

TEST_P(StoreDriftTest, RandomPutsAndErasesLeaveNoHoles) {
  constexpr uint32_t kRows = 2000;
  Load(Table(Numbers(kRows), 5));
  for (int i = 0; i < kChanges; ++i) {
    const Oid suffix = {1, static_cast<uint32_t>(1 + random_() % 5),
                        static_cast<uint32_t>(1 + random_() % (2 * kRows))};
    Changes changes;
    if (random_() % 2 == 0) {
      changes.Put(suffix, Counter32{7});
    } else {
      changes.Erase(suffix);
    }
    Apply(changes);
  }
  ExpectNoDrift();
}

TEST_P(StoreDriftTest, RandomPutsAndErasesOfLongSuffixesLeaveNoHoles) {
  std::vector<Oid> suffixes;
  for (int i = 0; i < kChanges; ++i) {
    Changes changes;
    if (suffixes.size() < 3000 || random_() % 2 == 0) {
      suffixes.push_back(Address(&random_));
      changes.Put(suffixes.back(), Counter32{7});
    } else {
      std::swap(suffixes[random_() % suffixes.size()], suffixes.back());
      changes.Erase(suffixes.back());
      suffixes.pop_back();
    }
    Apply(changes);
  }
  ExpectNoDrift();
}

TEST_P(StoreDriftTest, ErasingNearlyAllEntriesFreesTheirMemory) {
  const std::vector<StoreRow> rows = Table(Numbers(kChanges / 5), 5);
  Load(rows);
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t place = i * 1999 % rows.size();  // each row once, out of order
    if (place % 50 == 0) continue;
    Changes changes;
    changes.Erase(rows[place].suffix);
    Apply(changes);
  }
  ExpectNoDrift();
}

TEST_P(StoreDriftTest, AppendedEntriesFillThePages) {
  for (uint32_t i = 0; i < kChanges; ++i) {
    Changes changes;
    changes.Put({1, 1, i}, Counter32{i});
    Apply(changes);
  }
  ExpectNoDrift();
}

// Like a log: each change adds the newest entry and erases the oldest.
TEST_P(StoreDriftTest, AMovingWindowOfEntriesLeavesNoHoles) {
  for (uint32_t i = 0; i < kChanges; ++i) {
    Changes changes;
    changes.Put({1, 1, i}, Counter32{i});
    if (i >= 1000) changes.Erase({1, 1, i - 1000});
    Apply(changes);
  }
  ExpectNoDrift();
}

TEST_P(StoreDriftTest, TextsThatGrowAndShrinkLeaveNoHoles) {
  constexpr uint32_t kRows = 1000;
  Load(Table(Numbers(kRows), 2));
  for (int i = 0; i < kChanges; ++i) {
    Changes changes;
    changes.Put({1, static_cast<uint32_t>(1 + random_() % 2),
                 static_cast<uint32_t>(1 + random_() % kRows)},
                OctetString{std::string(random_() % 100, 'x')});
    Apply(changes);
  }
  ExpectNoDrift();
}

// Ten thousand changes of cells, one row at a time.
TEST_P(StoreDriftTest, ColumnsStaySharedWhenRowsAreAddedAndRemovedInAllOfThem) {
  constexpr uint32_t kColumns = 20;
  std::vector<Oid> indexes;
  for (int i = 0; i < 1000; ++i) indexes.push_back(Address(&random_));
  Load(Table(indexes, kColumns));
  for (uint32_t i = 0; i < kChanges / kColumns; ++i) {
    Oid& index = indexes[random_() % indexes.size()];
    Changes changes;
    for (uint32_t column = 1; column <= kColumns; ++column) {
      changes.Erase(Concat({1, column}, index));
    }
    index = Address(&random_);
    for (uint32_t column = 1; column <= kColumns; ++column) {
      changes.Put(Concat({1, column}, index), Counter32{i});
    }
    Apply(changes);
  }
  ExpectNoDrift();
}

INSTANTIATE_TEST_SUITE_P(BtreeStore, StoreDriftTest,
                         testing::Values(BtreeStore::Factory()));
INSTANTIATE_TEST_SUITE_P(TrieStore, StoreDriftTest,
                         testing::Values(TrieStore::Factory()));

}  // namespace
}  // namespace passpersist_testing
