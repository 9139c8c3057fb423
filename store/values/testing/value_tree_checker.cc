// SPDX-License-Identifier: Apache-2.0

#include "store/values/testing/value_tree_checker.h"

#include <variant>

#include "gtest/gtest.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/stored_value.h"
#include "store/values/value_builder.h"

namespace passpersist::store_internal {

ValueTreeChecker::ValueTreeChecker(const ValueTree& tree) : tree_(tree) {
  size_t size = 0;
  if (tree.root != nullptr) size = Visit(*tree.root, tree.level, true);
  EXPECT_EQ(size, tree.size);
  EXPECT_EQ(memory_, tree.memory);
  std::vector<const Block*> listed;
  ListBlocks(tree, &listed);
  EXPECT_EQ(listed.size(), blocks_);
}

size_t ValueTreeChecker::Visit(const Block& block, int level, bool is_root) {
  ++blocks_;
  memory_ += block.memory();
  const size_t min_count = !is_root     ? ValueTree::MinCount(level)
                           : level == 0 ? 1
                                        : 2;
  if (level == 0) {
    pages_.push_back(static_cast<const ValuePage*>(&block));
    EXPECT_GE(pages_.back()->count(), min_count);
    EXPECT_LE(pages_.back()->count(), ValueTree::MaxCount(0));
    return pages_.back()->count();
  }
  const auto& dir = static_cast<const ValueDir&>(block);
  EXPECT_GE(dir.count(), min_count);
  EXPECT_LE(dir.count(), ValueTree::MaxCount(level));
  size_t size = 0;
  for (size_t i = 0; i < dir.count(); ++i) {
    EXPECT_LE(dir.child(i)->birth(), dir.birth());
    EXPECT_EQ(dir.begin(i), size);
    size += Visit(*dir.child(i), level - 1, false);
    EXPECT_EQ(dir.end(i), size);
  }
  return size;
}

void ValueTreeChecker::ExpectHolds(const ValueModel& model) const {
  ASSERT_EQ(tree_.size, model.size());
  size_t rank = 0;
  internal::ValueUnpacker unpacker;
  for (const ValuePage* const page : pages_) {
    for (size_t i = 0; i < page->count(); ++i, ++rank) {
      ASSERT_EQ(std::get<Value>(unpacker.Unpack(page->value(i))),
                model[rank].value)
          << rank;
      ASSERT_EQ(page->label(i), model[rank].label) << rank;
      const ValueTree::Place found = tree_.Find(rank);
      ASSERT_EQ(found.page, page) << rank;
      ASSERT_EQ(found.index, i) << rank;
    }
  }
}

double ValueTreeChecker::fill() const {
  return static_cast<double>(tree_.size) /
         static_cast<double>(pages_.size() * ValuePage::kMaxValues);
}

size_t ValueTreeChecker::mixed_pages() const {
  size_t mixed = 0;
  for (const ValuePage* const page : pages_) {
    if (!page->HoldsOnly(page->value(0).tag)) ++mixed;
  }
  return mixed;
}

LoadedValues::LoadedValues(const ValueModel& model) {
  ValueBuilder builder(1);
  internal::ValuePacker packer;
  for (const auto& [value, label] : model) {
    builder.Add(packer.Pack(value), label);
  }
  tree_ = builder.Finish();
}

}  // namespace passpersist::store_internal
