// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/row_index.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/value.h"
#include "store/btree_store.h"
#include "store/trie_store.h"

// Ten million entries, to test the limits of 32-bit numbers, of the number of
// levels and of block sizes.

namespace passpersist_testing {
namespace {

using passpersist::BtreeStore;
using passpersist::Changes;
using passpersist::Contents;
using passpersist::Counter32;
using passpersist::Integer32;
using passpersist::Iterator;
using passpersist::Oid;
using passpersist::OidStore;
using passpersist::RowIndex;
using passpersist::Snapshot;
using passpersist::StoreFactory;
using passpersist::TrieStore;
using passpersist::Value;

constexpr uint32_t kColumns = 100;
constexpr uint32_t kRows = 100000;
constexpr size_t kEntries = size_t{kColumns} * kRows;

uint32_t NumberIn(uint32_t column, uint32_t row, uint32_t round) {
  return column * kRows + row + round;
}

class ManyEntriesTest : public testing::TestWithParam<StoreFactory> {
 protected:
  // Replaces all entries by cells with the suffixes 1.column.row, both counted
  // from 1, and an entry that holds `apart`.
  void Replace(uint32_t round, uint32_t columns,
               std::shared_ptr<int> apart = nullptr) {
    Contents contents;
    for (uint32_t column = 1; column <= columns; ++column) {
      std::vector<Counter32> cells;
      cells.reserve(kRows);
      for (uint32_t row = 1; row <= kRows; ++row) {
        cells.push_back({NumberIn(column, row, round)});
      }
      contents.PutColumn({1, column}, rows_, std::move(cells));
    }
    if (apart != nullptr) {
      contents.PutComputed({2}, [apart] { return Integer32{*apart}; });
    }
    ASSERT_TRUE(store_->Replace(std::move(contents)).ok());
  }

  // Seeks random cells, and the cells after them.
  static void ExpectRound(uint32_t round, uint32_t columns,
                          const Snapshot& snapshot) {
    std::mt19937 random(round);
    const auto iterator = snapshot.NewIterator();
    for (int i = 0; i < 10000; ++i) {
      const auto column = static_cast<uint32_t>(1 + random() % columns);
      const auto row = static_cast<uint32_t>(1 + random() % (kRows - 1));
      iterator->Seek({1, column, row});
      ExpectAt({1, column, row}, NumberIn(column, row, round), *iterator);
      iterator->Seek({1, column, row, 0});
      ExpectAt({1, column, row + 1}, NumberIn(column, row + 1, round),
               *iterator);
    }
  }

  // Expects that a walk returns all cells in order, and nothing else.
  static void ExpectWalk(const Snapshot& snapshot) {
    const auto iterator = snapshot.NewIterator();
    iterator->SeekToFirst();
    size_t wrong = 0;  // counted: ten million assertions would be slow
    for (uint32_t column = 1; column <= kColumns; ++column) {
      for (uint32_t row = 1; row <= kRows; ++row, iterator->Next()) {
        ASSERT_TRUE(iterator->Valid()) << column << ", " << row;
        const absl::Span<const uint32_t> arcs = iterator->suffix().arcs();
        if (arcs[1] != column || arcs[2] != row) ++wrong;
      }
    }
    EXPECT_FALSE(iterator->Valid());
    EXPECT_EQ(wrong, 0);
  }

  static void ExpectAt(const Oid& suffix, uint32_t number,
                       const Iterator& iterator) {
    ASSERT_TRUE(iterator.Valid()) << suffix;
    ASSERT_EQ(iterator.suffix(), suffix);
    ASSERT_EQ(std::get<Value>(iterator.value()), Value(Counter32{number}))
        << suffix;
  }

  const std::shared_ptr<const RowIndex> rows_ = RowIndex::UpTo(kRows);
  const std::unique_ptr<OidStore> store_ = GetParam()();
};

TEST_P(ManyEntriesTest, AreWalkedFoundChangedAndReplaced) {
  Replace(1, kColumns);
  const std::shared_ptr<const Snapshot> first = store_->snapshot();
  ASSERT_EQ(first->size(), kEntries);
  ExpectRound(1, kColumns, *first);
  ExpectWalk(*first);

  Changes changes;
  changes.Put({1, 50, 70000}, Counter32{42});
  changes.Put({1, 50, 70000, 1}, Counter32{43});
  changes.Erase({1, 100, kRows});
  changes.Erase({1, 1, 1});
  ASSERT_TRUE(store_->Apply(changes).ok());
  const std::shared_ptr<const Snapshot> second = store_->snapshot();
  ASSERT_EQ(second->size(), kEntries - 1);
  const auto changed = second->NewIterator();
  changed->SeekToFirst();
  ExpectAt({1, 1, 2}, NumberIn(1, 2, 1), *changed);
  changed->Seek({1, 50, 70000});
  ExpectAt({1, 50, 70000}, 42, *changed);
  changed->Next();
  ExpectAt({1, 50, 70000, 1}, 43, *changed);
  changed->Next();
  ExpectAt({1, 50, 70001}, NumberIn(50, 70001, 1), *changed);
  changed->Seek({1, 100, kRows});
  EXPECT_FALSE(changed->Valid());

  Replace(2, 1);
  ExpectRound(1, kColumns, *first);
  ExpectRound(2, 1, *store_->snapshot());
  changed->Seek({1, 50, 70000});
  ExpectAt({1, 50, 70000}, 42, *changed);
}

// Freeing ten million entries must not delay an answer.
TEST_P(ManyEntriesTest, AreNotFreedByTheReaderThatReleasesThem) {
  const auto resource = std::make_shared<int>(1);
  Replace(1, kColumns, resource);
  std::shared_ptr<const Snapshot> snapshot = store_->snapshot();
  std::unique_ptr<Iterator> iterator = snapshot->NewIterator();
  ASSERT_TRUE(store_->Replace(Contents()).ok());
  ASSERT_GT(resource.use_count(), 1);
  size_t freed = 0;
  std::thread reader([&] {
    const size_t before = DeallocationCount();
    snapshot.reset();
    iterator.reset();
    freed = DeallocationCount() - before;
  });
  reader.join();
  // The iterator, the snapshot, and the members of each.
  EXPECT_LT(freed, 20);
  // The reaper frees the entries although there is no further write.
  while (resource.use_count() > 1) std::this_thread::yield();
}

INSTANTIATE_TEST_SUITE_P(BtreeStore, ManyEntriesTest,
                         testing::Values(BtreeStore::Factory()));
INSTANTIATE_TEST_SUITE_P(TrieStore, ManyEntriesTest,
                         testing::Values(TrieStore::Factory()));

}  // namespace
}  // namespace passpersist_testing
