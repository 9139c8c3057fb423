// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"
#include "store/block/normalized_changes.h"
#include "store/values/testing/value_tree_checker.h"
#include "store/values/value_builder.h"
#include "store/values/value_cursor.h"
#include "store/values/value_tree.h"
#include "store/values/value_tree_traits.h"
#include "store/version/block.h"

namespace passpersist::store_internal {
namespace {

// An edit of a rank. A row without a value is erased.
struct Step {
  size_t rank;
  bool is_new;
  std::optional<ValueRow> row;
};

// A tree that is edited, and a vector as its model.
//
// Used by one thread at a time.
class EditedValues {
 public:
  explicit EditedValues(ValueModel model = {}) : model_(std::move(model)) {
    ValueBuilder builder(version_);
    internal::ValuePacker packer;
    for (const auto& [value, label] : model_) {
      builder.Add(packer.Pack(value), label);
    }
    tree_ = builder.Finish();
  }
  EditedValues(const EditedValues&) = delete;
  EditedValues& operator=(const EditedValues&) = delete;
  ~EditedValues() { FreePages<ValueTreeTraits>(tree_.root, tree_.level); }

  // An empty label keeps the existing label.
  void Apply(const std::vector<Step>& steps) {
    std::vector<StoredValue> stored;
    std::vector<NormalizedChange> edits;
    std::vector<ValueEdit> ranked;
    stored.reserve(steps.size());
    edits.reserve(steps.size());
    for (const Step& step : steps) {
      edits.push_back({{}, nullptr, {}, true});
      if (step.row) {
        stored.emplace_back(step.row->value);
        edits.back().value = &stored.back();
        edits.back().label = step.row->label;
      }
      ranked.push_back({step.rank, step.is_new, &edits.back()});
    }
    Apply(ranked);
    if (steps.size() == 1) {
      ApplyToModel(steps[0]);
    } else {
      ApplyToModel(steps);
    }
  }
  void Apply(const std::vector<ValueEdit>& edits) {
    ValueEditor editor(tree_, ++version_);
    tree_ = editor.Apply(edits);
    for (const Block* const block : editor.garbage()) {
      EXPECT_LT(block->birth(), version_);
      block->Free();
    }
  }
  void Insert(size_t rank, Value value) {
    Apply({Step{rank, true, ValueRow{std::move(value), ""}}});
  }
  void Put(size_t rank, Value value) {
    Apply({Step{rank, false, ValueRow{std::move(value), ""}}});
  }
  void Erase(size_t rank) { Apply({Step{rank, false, std::nullopt}}); }

  void Check() const { ValueTreeChecker(tree_).ExpectHolds(model_); }
  double fill() const { return ValueTreeChecker(tree_).fill(); }
  size_t mixed_pages() const { return ValueTreeChecker(tree_).mixed_pages(); }
  // The memory of this tree divided by that of a loaded tree of the same rows.
  double Bloat() const {
    const LoadedValues fresh(model_);
    return static_cast<double>(tree_.memory) /
           static_cast<double>(fresh.tree().memory);
  }

  const ValueTree& tree() const { return tree_; }
  size_t size() const { return model_.size(); }

 private:
  // The row at the rank of a step after it.
  ValueRow RowOf(const Step& step) const {
    ValueRow row = *step.row;
    if (!step.is_new && row.label.empty()) row.label = model_[step.rank].label;
    return row;
  }
  void ApplyToModel(const Step& step) {
    const auto at = model_.begin() + static_cast<ptrdiff_t>(step.rank);
    if (step.is_new) {
      model_.insert(at, RowOf(step));
    } else if (step.row) {
      *at = RowOf(step);
    } else {
      model_.erase(at);
    }
  }
  void ApplyToModel(const std::vector<Step>& steps) {
    ValueModel next;
    size_t done = 0;  // rows of the model
    const auto copy_to = [&](size_t end) {
      for (; done < end; ++done) next.push_back(std::move(model_[done]));
    };
    for (const Step& step : steps) {
      copy_to(step.rank);
      if (step.row) next.push_back(RowOf(step));
      if (!step.is_new) ++done;
    }
    copy_to(model_.size());
    model_ = std::move(next);
  }

  ValueModel model_;
  uint64_t version_ = 1;
  ValueTree tree_;
};

TEST(ValueEditorTest, ReplacingAValueCopiesOnlyTheBlocksAboveIt) {
  for (const Value& value : {Value(Counter32{7}), Value(OctetString{"seven"}),
                             Value(Counter64{7})}) {
    EditedValues edited(Counters(100000));
    const auto& before = static_cast<const ValueDir&>(*edited.tree().root);
    std::vector<const Block*> children;
    for (size_t i = 0; i < before.count(); ++i) {
      children.push_back(before.child(i));
    }
    edited.Put(50000, value);
    const auto& after = static_cast<const ValueDir&>(*edited.tree().root);
    ASSERT_EQ(after.count(), children.size());
    size_t changed = 0;
    for (size_t i = 0; i < children.size(); ++i) {
      if (after.child(i) != children[i]) ++changed;
    }
    EXPECT_EQ(changed, 1);
    edited.Check();
  }
}

TEST(ValueEditorTest, InsertingOrErasingAValueMovesTheRanksAfterIt) {
  EditedValues edited(Counters(1000));
  edited.Erase(500);
  edited.Check();
  edited.Insert(300, Counter32{7});
  edited.Insert(300, Counter32{8});
  edited.Check();
}

TEST(ValueEditorTest, APageOfStringsMayGetLongerStrings) {
  ValueModel model;
  for (int i = 0; i < 1000; ++i) {
    model.push_back({OctetString{std::string(i % 13, 'a')}, ""});
  }
  EditedValues edited(model);
  for (const size_t rank : {0, 239, 240, 500, 999}) {
    edited.Put(rank, OctetString{std::string(rank / 2, 'b')});
    edited.Put(rank, OctetString{""});
    edited.Put(rank, OctetString{std::string(300, 'c')});
  }
  edited.Check();
}

TEST(ValueEditorTest, FillsAndEmptiesATree) {
  EditedValues edited;
  edited.Insert(0, Integer32{2});
  edited.Insert(0, OctetString{"one"});
  edited.Insert(2, Counter64{3});
  edited.Check();
  edited.Erase(1);
  edited.Erase(0);
  edited.Check();
  edited.Erase(0);
  EXPECT_EQ(edited.tree().root, nullptr);
  EXPECT_EQ(edited.tree().size, 0);
  EXPECT_EQ(edited.tree().memory, 0);
}

TEST(ValueEditorTest, CopiesOnlyThePathToAChange) {
  const std::vector<uint32_t> numbers(1000000);
  ValueBuilder builder(1);
  builder.AddNumbers(internal::ValueTag::kCounter32,
                     reinterpret_cast<const char*>(numbers.data()),
                     numbers.size());
  ValueTree tree = builder.Finish();
  EXPECT_EQ(tree.level, 2);
  const StoredValue number = Value(Counter32{1});
  const StoredValue octets = Value(OctetString{"a string"});
  const NormalizedChange put_number = {{}, &number, "", true};
  const NormalizedChange put_octets = {{}, &octets, "", true};
  const NormalizedChange erase = {{}, nullptr, "", true};
  uint64_t version = 1;
  for (const ValueEdit& edit :
       {ValueEdit{500000, false, &put_number},
        ValueEdit{500000, false, &put_octets}, ValueEdit{500000, false, &erase},
        ValueEdit{500000, true, &put_number}}) {
    ValueEditor editor(tree, ++version);
    tree = editor.Apply({&edit, 1});
    EXPECT_EQ(editor.garbage().size(), 3);
    for (const Block* const block : editor.garbage()) block->Free();
  }
  const ValueTreeChecker checker(tree);
  ValueCursor cursor(tree);
  cursor.Seek(500000);
  EXPECT_EQ(cursor.value().number, 1);
  FreePages<ValueTreeTraits>(tree.root, tree.level);
}

TEST(ValueEditorTest, AppliesSeveralEditsOfOneRankInOrder) {
  EditedValues edited(Counters(1000));
  const auto row = [](uint32_t n) { return ValueRow{Counter32{n}, ""}; };
  edited.Apply(std::vector<Step>{{0, true, row(1)},
                                 {0, true, row(2)},
                                 {0, false, std::nullopt},
                                 {240, true, row(3)},
                                 {240, true, row(4)},
                                 {240, false, row(5)},
                                 {1000, true, row(6)},
                                 {1000, true, row(7)}});
  edited.Check();
}

TEST(ValueEditorTest, CopiesPagesOfNumbersUnlessTheTypeChanges) {
  ValueModel model = Counters(1000);
  model[20].label = "twenty";
  EditedValues edited(model);
  const size_t memory = edited.tree().memory;
  std::vector<Step> numbers;
  for (uint32_t rank = 2; rank < 1000; rank += 3) {
    numbers.push_back({rank, false, ValueRow{Counter32{~rank}, ""}});
  }
  edited.Apply(numbers);
  edited.Check();
  EXPECT_EQ(edited.tree().memory, memory);
  edited.Put(20, Gauge32{7});  // another type of the same size
  edited.Check();
  edited.Put(20, Gauge32{8});
  edited.Check();
}

TEST(ValueEditorTest, KeepsLabelsUnlessThereIsANewLabel) {
  ValueModel model = Counters(100);
  model[20].label = "twenty";
  EditedValues edited(model);
  edited.Apply({Step{20, false, ValueRow{Counter32{1}, ""}},
                Step{22, false, ValueRow{Counter32{1}, "new"}}});
  edited.Check();
  edited.Apply({Step{20, false, ValueRow{Counter32{1}, "other"}}});
  edited.Check();
  const StoredValue stored = Value(Counter32{2});
  const NormalizedChange drops_label = {{}, &stored, "", false};
  edited.Apply(std::vector<ValueEdit>{{20, false, &drops_label}});
  ValueCursor cursor(edited.tree());
  cursor.Seek(20);
  EXPECT_EQ(cursor.label(), "");
}

TEST(ValueEditorTest, SharesValuesOutOfLineBetweenVersions) {
  const auto resource = std::make_shared<int>(0);
  {
    EditedValues edited(Counters(1000));
    std::vector<StoredValue> stored = {
        ComputedValue([resource] { return Integer32{1}; })};
    const NormalizedChange edit = {{}, &stored[0], "", true};
    edited.Apply(std::vector<ValueEdit>{{500, false, &edit}});
    stored.clear();
    EXPECT_EQ(resource.use_count(), 2);
    const ValueTreeChecker checker(edited.tree());
    const StoredValue number = Value(Counter32{1});
    const NormalizedChange neighbour = {{}, &number, "", true};
    edited.Apply(std::vector<ValueEdit>{{501, false, &neighbour}});
    EXPECT_EQ(resource.use_count(), 2);
    edited.Apply(std::vector<ValueEdit>{{500, false, &neighbour}});
    EXPECT_EQ(resource.use_count(), 1);
    edited.Put(0, OctetString{std::string(5000, 'x')});
    const ValueTreeChecker with_long_string(edited.tree());
    EXPECT_GT(edited.tree().memory, 4 * 1000 + 5000);
  }
}

TEST(ValueEditorTest, StaysFullWhereItGrowsAtItsEnd) {
  EditedValues edited;
  for (uint32_t i = 0; i < 5000; ++i) edited.Insert(i, Counter32{i});
  edited.Check();
  EXPECT_GT(edited.fill(), 0.95);
}

TEST(ValueEditorTest, StaysWellFilledWhereItGrowsAtItsBeginning) {
  EditedValues edited;
  for (uint32_t i = 0; i < 5000; ++i) edited.Insert(0, Counter32{i});
  edited.Check();
  EXPECT_GT(edited.fill(), 0.5);
}

TEST(ValueEditorTest, ColumnsThatGrowKeepPagesOfOneType) {
  ValueModel model;
  constexpr size_t kColumns = 6;
  size_t rows = 100;
  for (uint32_t column = 0; column < kColumns; ++column) {
    for (uint32_t row = 0; row < rows; ++row) {
      if (column % 2 == 0) {
        model.push_back({Counter32{row}, ""});
      } else {
        model.push_back({Counter64{row}, ""});
      }
    }
  }
  EditedValues edited(model);
  for (; rows < 600; ++rows) {
    std::vector<Step> cells;
    for (size_t column = 0; column < kColumns; ++column) {
      const Value value = column % 2 == 0 ? Value(Counter32{7}) : Counter64{7};
      cells.push_back({(column + 1) * rows, true, ValueRow{value, ""}});
    }
    edited.Apply(cells);
  }
  edited.Check();
  EXPECT_EQ(edited.mixed_pages(), 0);
  EXPECT_GT(edited.fill(), 0.6);
}

TEST(ValueEditorTest, ShrinksFromEitherEndAndFromWithin) {
  for (const int way : {0, 1, 2}) {
    EditedValues edited(Counters(3000));
    std::mt19937 random(1);
    while (edited.size() > 0) {
      const size_t last = edited.size() - 1;
      edited.Erase(way == 0 ? 0 : way == 1 ? last : random() % (last + 1));
      if (edited.size() % 100 == 0) edited.Check();
    }
    EXPECT_EQ(edited.tree().root, nullptr);
  }
}

// All values of whole dirs except one value each are erased at once.
TEST(ValueEditorTest, KeepsPagesAndDirsAQuarterFullWhenABatchEmptiesDirs) {
  for (const size_t kept : {240 * 64, 240 * 128, 240 * 200, 240 * 512}) {
    SCOPED_TRACE(kept);
    EditedValues edited(Counters(240 * 128 * 5));
    std::vector<Step> steps;
    for (size_t rank = 0; rank < edited.size() - 100000; ++rank) {
      if (rank % kept != 7) steps.push_back({rank, false, std::nullopt});
    }
    edited.Apply(steps);
    edited.Check();
    steps.clear();
    for (size_t rank = 10; rank < edited.size(); ++rank) {
      steps.push_back({rank, false, std::nullopt});
    }
    edited.Apply(steps);
    edited.Check();
    EXPECT_EQ(edited.tree().level, 0);
  }
}

TEST(ValueEditorTest, InsertsManyValuesAtOneRank) {
  EditedValues edited(Counters(1000));
  std::vector<Step> steps(50000, {500, true, ValueRow{Counter64{1}, ""}});
  edited.Apply(steps);
  edited.Check();
  EXPECT_GT(edited.fill(), 0.9);
}

TEST(ValueEditorTest, DoesNotDriftUnderTenThousandSingleChanges) {
  EditedValues edited(Counters(3000));
  std::mt19937 random(5);
  for (int i = 0; i < 10000; ++i) {
    const size_t rank = random() % edited.size();
    if (random() % 2 == 0) {
      edited.Insert(rank, Counter32{7});
    } else {
      edited.Erase(rank);
    }
    if (i % 1000 == 0) edited.Check();
  }
  edited.Check();
  EXPECT_LT(edited.Bloat(), 1.5);
}

// Phases of growing and shrinking, at random positions, with batches of random
// size.
TEST(ValueEditorTest, EqualsTheModelAfterRandomEdits) {
  EditedValues edited;
  std::mt19937 random(6);
  const auto any_row = [&] {
    ValueRow row = {Integer32{static_cast<int32_t>(random())},
                    random() % 50 == 0 ? "label" : ""};
    switch (random() % 12) {
      case 0:
        row.value = OctetString{std::string(random() % 30, 'x')};
        break;
      case 1:
        row.value = OctetString{std::string(1000, 'x')};
        break;
      case 2:
        row.value = ObjectIdentifier{{1, 3, 6}};
        break;
      case 3:
        row.value = Counter64{random()};
        break;
      default:
        break;
    }
    return row;
  };
  for (int step = 0; step < 1000; ++step) {
    const bool grows = step / 250 % 2 == 0;
    std::vector<size_t> ranks;
    size_t left = 1 + random() % (random() % 20 == 0 ? 500 : 5);
    for (; left > 0; --left) ranks.push_back(random() % (edited.size() + 1));
    std::sort(ranks.begin(), ranks.end());
    std::vector<Step> steps;
    size_t free = 0;  // the first value without an edit
    for (const size_t rank : ranks) {
      if (random() % 10 < (grows ? 7 : 1)) {
        if (rank >= free) steps.push_back({rank, true, any_row()});
        continue;
      }
      size_t end = rank + (grows ? 1 : random() % 60);
      end = std::min(end, edited.size());
      for (size_t r = std::max(rank, free); r < end; ++r) {
        const bool erased = random() % 4 != 0;
        steps.push_back({r, false, std::nullopt});
        if (!erased) steps.back().row = any_row();
        free = r + 1;
      }
    }
    edited.Apply(steps);
    if (step % 10 == 0) edited.Check();
    if (HasFailure()) return;
  }
  edited.Check();
}

}  // namespace
}  // namespace passpersist::store_internal
