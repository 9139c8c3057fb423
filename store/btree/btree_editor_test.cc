// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "store/btree/key_tree.h"
#include "store/btree/key_tree_traits.h"
#include "store/btree/testing/btree_checker.h"
#include "store/version/block.h"

namespace passpersist::store_internal {
namespace {

// Numbers that fit an arc without a cast.
class Random {
 public:
  explicit Random(uint32_t seed) : engine_(seed) {}
  uint32_t operator()() { return static_cast<uint32_t>(engine_()); }

 private:
  std::mt19937 engine_;
};

// A tree that is edited, and a std::map as its model.
//
// Used by one thread at a time.
class EditedTree {
 public:
  explicit EditedTree(TreeModel model = {}) : model_(std::move(model)) {
    std::map<Oid, std::optional<TreeRow>> all;
    for (const auto& [oid, row] : model_) all[oid] = row;
    Apply(all);
  }
  EditedTree(const EditedTree&) = delete;
  EditedTree& operator=(const EditedTree&) = delete;
  ~EditedTree() { FreePages<KeyTreeTraits>(tree_.root, tree_.level); }

  // A row without a value is erased; an empty label keeps the existing label.
  void Apply(const std::map<Oid, std::optional<TreeRow>>& rows) {
    std::vector<std::unique_ptr<internal::EncodedOid>> keys;
    std::vector<StoredValue> stored;
    std::vector<NormalizedChange> edits;
    stored.reserve(rows.size());
    for (const auto& [oid, row] : rows) {
      keys.push_back(std::make_unique<internal::EncodedOid>(oid));
      NormalizedChange edit = {keys.back()->bytes(), nullptr, {}, true};
      if (row) {
        stored.emplace_back(row->value);
        edit.value = &stored.back();
        edit.label = row->label;
        TreeRow& kept = model_[oid];
        kept.value = row->value;
        if (!row->label.empty()) kept.label = row->label;
      } else {
        model_.erase(oid);
      }
      edits.push_back(edit);
    }
    BtreeEditor editor(tree_, ++version_);
    tree_ = editor.Apply(edits);
    garbage_ = editor.garbage().size();
    for (const Block* const page : editor.garbage()) {
      EXPECT_LT(page->birth(), version_);
      page->Free();
    }
  }
  void Put(const Oid& oid, Value value) {
    Apply({{oid, TreeRow{std::move(value), ""}}});
  }
  void Erase(const Oid& oid) { Apply({{oid, std::nullopt}}); }

  void Check() const { BtreeChecker(tree_).ExpectHolds(model_); }
  double fill() const { return BtreeChecker(tree_).fill(); }
  // The memory of this tree divided by that of a loaded tree of the same
  // entries.
  double Bloat() const {
    const LoadedTree fresh(model_);
    return static_cast<double>(tree_.memory) /
           static_cast<double>(fresh.tree().memory);
  }

  const KeyTree& tree() const { return tree_; }
  const TreeModel& model() const { return model_; }
  size_t garbage() const { return garbage_; }  // pages, of the last change

 private:
  TreeModel model_;
  KeyTree tree_;
  uint64_t version_ = 0;
  size_t garbage_ = 0;
};

TreeModel Table(uint32_t columns, uint32_t rows) {
  TreeModel model;
  for (uint32_t column = 0; column < columns; ++column) {
    for (uint32_t row = 0; row < rows; ++row) {
      model[{column, 2 * row}] = {Counter32{row}, ""};
    }
  }
  return model;
}

TEST(BtreeEditorTest, FillsAndEmptiesATree) {
  EditedTree edited;
  edited.Erase({1});
  EXPECT_EQ(edited.tree().root, nullptr);
  edited.Put({1}, Integer32{1});
  edited.Put({2}, OctetString{"two"});
  edited.Check();
  edited.Erase({1});
  edited.Erase({3});
  edited.Check();
  edited.Erase({2});
  EXPECT_EQ(edited.tree().root, nullptr);
  EXPECT_EQ(edited.tree().size, 0);
  EXPECT_EQ(edited.tree().memory, 0);
}

TEST(BtreeEditorTest, CopiesOnlyThePathToAChange) {
  EditedTree edited(Table(10, 10000));
  EXPECT_EQ(edited.tree().root->level(), 2);
  edited.Put({5, 5000}, Counter32{1});
  EXPECT_EQ(edited.garbage(), 3);
  edited.Erase({5, 5000});
  EXPECT_EQ(edited.garbage(), 3);
  edited.Check();
}

TEST(BtreeEditorTest, CopiesLeavesOfNumbersUnlessTheTypeChanges) {
  TreeModel model = Table(2, 1000);
  model[{0, 20}].label = "twenty";
  EditedTree edited(model);
  const size_t memory = edited.tree().memory;
  std::map<Oid, std::optional<TreeRow>> numbers;
  for (uint32_t row = 0; row < 1000; row += 3) {
    numbers[{1, 2 * row}] = TreeRow{Counter32{~row}, ""};
  }
  numbers[{0, 20}] = TreeRow{Counter32{7}, ""};
  edited.Apply(numbers);
  edited.Check();
  EXPECT_EQ(edited.tree().memory, memory);
  edited.Put({0, 20}, Gauge32{7});  // another type of the same size
  edited.Check();
  edited.Put({0, 20}, Gauge32{8});
  edited.Check();
  edited.Apply({{{0, 40}, TreeRow{Counter32{1}, ""}},
                {{0, 41}, TreeRow{Counter32{2}, ""}},
                {{0, 42}, std::nullopt}});
  edited.Check();
}

TEST(BtreeEditorTest, KeepsLabelsUnlessThereIsANewLabel) {
  TreeModel model = Table(1, 100);
  model[{0, 20}].label = "twenty";
  EditedTree edited(model);
  edited.Apply({{{0, 20}, TreeRow{Counter32{1}, ""}},
                {{0, 22}, TreeRow{Counter32{1}, "new"}}});
  edited.Check();
  edited.Apply({{{0, 20}, TreeRow{Counter32{1}, "other"}}});
  edited.Check();
}

TEST(BtreeEditorTest, StaysFullWhereItGrowsAtItsEnd) {
  EditedTree edited;
  for (uint32_t i = 0; i < 5000; ++i) edited.Put({1, i}, Counter32{i});
  edited.Check();
  EXPECT_GT(edited.fill(), 0.95);
}

TEST(BtreeEditorTest, StaysWellFilledWhereEachColumnGrowsAtItsEnd) {
  EditedTree edited;
  for (uint32_t row = 0; row < 1000; ++row) {
    std::map<Oid, std::optional<TreeRow>> cells;
    for (uint32_t column = 0; column < 7; ++column) {
      cells[{column, row}] = TreeRow{Counter32{row}, ""};
    }
    edited.Apply(cells);
  }
  edited.Check();
  EXPECT_GT(edited.fill(), 0.6);
}

TEST(BtreeEditorTest, StaysWellFilledWhereItGrowsAtItsBeginning) {
  EditedTree edited;
  for (uint32_t i = 5000; i > 0; --i) edited.Put({1, i}, Counter32{i});
  edited.Check();
  EXPECT_GT(edited.fill(), 0.5);
}

TEST(BtreeEditorTest, ShrinksFromEitherEndAndFromWithin) {
  for (const int way : {0, 1, 2}) {
    EditedTree edited(Table(1, 3000));
    std::vector<Oid> suffixes;
    for (const auto& [suffix, row] : edited.model()) suffixes.push_back(suffix);
    if (way == 1) std::reverse(suffixes.begin(), suffixes.end());
    std::mt19937 random(1);
    if (way == 2) std::shuffle(suffixes.begin(), suffixes.end(), random);
    for (size_t i = 0; i < suffixes.size(); ++i) {
      edited.Erase(suffixes[i]);
      if (i % 100 == 0) edited.Check();
    }
    EXPECT_EQ(edited.tree().root, nullptr);
  }
}

TEST(BtreeEditorTest, AppliesManyChangesAtOnce) {
  EditedTree edited(Table(4, 4000));
  std::map<Oid, std::optional<TreeRow>> rows;
  for (uint32_t i = 0; i < 20000; ++i) rows[{1, i}] = TreeRow{Counter64{i}, ""};
  edited.Apply(rows);
  edited.Check();
  for (auto& [suffix, row] : rows) {
    if (suffix.back() % 100 != 0) row.reset();
  }
  edited.Apply(rows);
  edited.Check();
}

TEST(BtreeEditorTest, KeepsPagesAQuarterFullWhenABatchEmptiesInnerPages) {
  for (const uint32_t kept : {64 * 64, 64 * 200}) {
    SCOPED_TRACE(kept);
    constexpr uint32_t kRows = 64 * 128 * 3;
    EditedTree edited(Table(1, kRows));
    std::map<Oid, std::optional<TreeRow>> rows;
    for (uint32_t row = 0; row < kRows - 6000; ++row) {
      if (row % kept != 7) rows[{0, 2 * row}] = std::nullopt;
    }
    edited.Apply(rows);
    edited.Check();
    for (uint32_t row = kRows - 6000; row < kRows; ++row) {
      rows[{0, 2 * row}] = std::nullopt;
    }
    edited.Apply(rows);
    edited.Check();
    EXPECT_EQ(edited.tree().level, 0);
  }
}

TEST(BtreeEditorTest, DoesNotDriftUnderTenThousandSingleChanges) {
  EditedTree edited(Table(10, 1000));
  Random random(5);
  for (int i = 0; i < 10000; ++i) {
    const Oid suffix = {random() % 10, random() % 2000};
    if (random() % 2 == 0) {
      edited.Put(suffix, Counter32{random()});
    } else {
      edited.Erase(suffix);
    }
  }
  edited.Check();
  EXPECT_LT(edited.Bloat(), 1.6);
}

// Phases of growing and shrinking, at random positions, with batches of random
// size.
TEST(BtreeEditorTest, EqualsTheModelAfterRandomEdits) {
  EditedTree edited;
  Random random(6);
  const auto any_suffix = [&] {
    Oid suffix = {random() % 8};
    for (size_t size = random() % 4; size > 0; --size) {
      suffix.Append(random() % 5 == 0 ? random() : random() % 8);
    }
    return suffix;
  };
  const auto any_value = [&]() -> Value {
    switch (random() % 12) {
      case 0:
        return OctetString{std::string(random() % 30, 'x')};
      case 1:
        return OctetString{std::string(1000, 'x')};
      case 2:
        return ObjectIdentifier{{1, 3, random()}};
      case 3:
        return Counter64{random()};
      default:
        return Integer32{static_cast<int32_t>(random())};
    }
  };
  for (int step = 0; step < 1500; ++step) {
    const bool grows = step / 250 % 2 == 0;
    std::map<Oid, std::optional<TreeRow>> rows;
    for (size_t left = 1 + random() % (random() % 20 == 0 ? 500 : 5); left > 0;
         --left) {
      if (random() % 10 < (grows ? 8 : 1)) {
        rows[any_suffix()] =
            TreeRow{any_value(), random() % 50 == 0 ? "label" : ""};
      } else {
        // An existing entry, and sometimes its neighbours.
        auto row = edited.model().lower_bound(any_suffix());
        for (size_t more = grows ? 1 : random() % 40;
             more > 0 && row != edited.model().end(); --more, ++row) {
          rows[row->first].reset();
        }
      }
    }
    edited.Apply(rows);
    if (step % 10 == 0) edited.Check();
    if (HasFailure()) return;
  }
  edited.Check();
}

}  // namespace
}  // namespace passpersist::store_internal
