// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"
#include "store/testing/store_conformance_test_lib.h"

// Tests with thousands of entries, for which a store needs several pages or
// nodes.

namespace passpersist_testing {

using passpersist::Changes;
using passpersist::Counter32;
using passpersist::Integer32;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Snapshot;

namespace {

constexpr uint32_t kColumns = 10;
constexpr uint32_t kRows = 300;

// A table whose values and labels contain the number of the round.
std::vector<StoreRow> RowsOfRound(uint32_t round) {
  std::vector<StoreRow> rows;
  for (uint32_t column = 1; column <= kColumns; ++column) {
    for (uint32_t row = 0; row < kRows + round; ++row) {
      rows.push_back({{1, column, row * (1 + round % 3)},
                      Counter32{round},
                      row % 50 == 0 ? absl::StrCat("round ", round) : ""});
    }
  }
  return rows;
}

struct Kept {
  std::shared_ptr<const Snapshot> snapshot;
  std::vector<StoreRow> rows;
};

}  // namespace

TEST_P(StoreConformanceTest, SnapshotsStayUnchangedAcrossManyReplaces) {
  constexpr uint32_t kRounds = 40;
  std::mt19937 random(1);
  std::vector<Kept> kept;
  for (uint32_t round = 0; round < kRounds; ++round) {
    Replace(RowsOfRound(round));
    kept.push_back({store_->snapshot(), RowsOfRound(round)});
    if (kept.size() < 8) continue;
    const size_t victim = random() % kept.size();
    ASSERT_EQ(ReadRows(*kept[victim].snapshot), kept[victim].rows);
    kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(victim));
  }
  store_.reset();
  for (const Kept& k : kept) ASSERT_EQ(ReadRows(*k.snapshot), k.rows);
}

TEST_P(StoreConformanceTest, WalksContinueAcrossReplacesAndChanges) {
  const std::vector<StoreRow> expected = RowsOfRound(0);
  Replace(expected);
  const auto iterator = NewIterator();
  iterator->SeekToFirst();
  for (size_t i = 0; i < expected.size(); ++i) {
    ASSERT_TRUE(iterator->Valid()) << i;
    ASSERT_EQ(ReadRow(*iterator), expected[i]) << i;
    if (i % 100 == 0) Replace(RowsOfRound(static_cast<uint32_t>(i / 100)));
    if (i % 10 == 0) {
      Changes changes;
      changes.Erase(expected[i].suffix);
      changes.Put(expected[expected.size() - 1 - i].suffix, Integer32{-1});
      Apply(changes);
    }
    // The two ways of a walk: with Next(), or with a Seek() after the last
    // suffix.
    if (i % 2 == 0) {
      iterator->Next();
    } else {
      Oid next = expected[i].suffix;
      next.Append(0);
      iterator->Seek(next);
    }
  }
  EXPECT_FALSE(iterator->Valid());
}

// Grows from no entries to thousands, and shrinks back, with Apply() only.
TEST_P(StoreConformanceTest, GrowsAndShrinksLikeTheModel) {
  std::mt19937 random(2);
  StoreModel model;
  for (int step = 0; step < 120; ++step) {
    SCOPED_TRACE(absl::StrCat("step ", step));
    // Erases per 100 changes: the store grows, keeps its size, and shrinks.
    const uint32_t erases = step < 40 ? 10 : step < 80 ? 50 : 90;
    Changes changes;
    for (size_t left = random() % 400; left > 0; --left) {
      Oid suffix = {static_cast<uint32_t>(random() % kColumns),
                    static_cast<uint32_t>(random() % kRows)};
      if (random() % 10 == 0) suffix.Append(static_cast<uint32_t>(random()));
      if (random() % 100 < erases) {
        changes.Erase(suffix);
      } else if (random() % 2 == 0) {
        changes.Put(suffix, Integer32{step});
      } else {
        changes.Put(suffix, OctetString{std::string(random() % 50, 'x')},
                    absl::StrCat("step ", step));
      }
    }
    Apply(changes);
    model.Apply(changes);
    if (step % 4 == 3) {
      ASSERT_EQ(Rows(), model.Rows());
    }
  }
  Changes changes;
  for (const StoreRow& row : model.Rows()) changes.Erase(row.suffix);
  Apply(changes);
  EXPECT_THAT(Rows(), testing::IsEmpty());
}

// Puts and erases at each position: before all entries, after all entries, and
// at both ends of each page.
TEST_P(StoreConformanceTest, PutsAndErasesAtEveryPosition) {
  constexpr uint32_t kNames = 1500;
  std::vector<uint32_t> arcs;
  for (uint32_t i = 0; i < kNames; ++i) arcs.push_back(i);
  for (const bool shuffled : {false, true}) {
    if (shuffled) std::shuffle(arcs.begin(), arcs.end(), std::mt19937(3));
    StoreModel model;
    for (const bool erase : {false, true}) {
      for (const uint32_t arc : arcs) {
        Changes changes;
        if (erase) {
          changes.Erase({1, arc});
        } else {
          changes.Put({1, arc}, Counter32{arc});
        }
        Apply(changes);
        model.Apply(changes);
        const auto iterator = NewIterator();
        model.ExpectSameSeek({1, arc}, iterator.get());
      }
      ASSERT_EQ(Rows(), model.Rows());
    }
  }
}

}  // namespace passpersist_testing
