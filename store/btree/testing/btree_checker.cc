// SPDX-License-Identifier: Apache-2.0

#include "store/btree/testing/btree_checker.h"

#include <variant>

#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_value.h"
#include "store/btree/btree_builder.h"

namespace passpersist::store_internal {
namespace {

std::string KeyAt(const PackedKeys& keys, size_t i) {
  std::string remainder(keys.RemainderSize(i) + PackedKeys::kSlack, '?');
  keys.CopyRemainder(i, remainder.data());
  remainder.resize(keys.RemainderSize(i));
  return std::string(keys.prefix()) + remainder;
}

}  // namespace

BtreeChecker::BtreeChecker(const KeyTree& tree) {
  if (tree.root != nullptr) {
    EXPECT_GE(tree.root->count(), tree.root->is_leaf() ? 1 : 2);
    Visit(*tree.root, "", "", false);
  }
  EXPECT_EQ(entries_, tree.size);
  EXPECT_EQ(memory_, tree.memory);
}

void BtreeChecker::Visit(const KeyPage& page, absl::string_view from,
                         absl::string_view to, bool has_end) {
  ++pages_;
  memory_ += page.memory();
  EXPECT_LE(page.count(), KeyTree::MaxCount(page.level()));
  const PackedKeys& keys = page.keys();
  std::string before(from);
  for (size_t i = 0; i < keys.count(); ++i) {
    const std::string key = KeyAt(keys, i);
    EXPECT_GE(key, from);
    EXPECT_TRUE(i == 0 || key > before);
    EXPECT_TRUE(!has_end || key < to);
    before = key;
  }
  if (page.is_leaf()) {
    EXPECT_EQ(keys.count(), page.count());
    leaves_.push_back(&page);
    entries_ += page.count();
    return;
  }
  ASSERT_EQ(keys.count() + 1, page.count());
  for (size_t i = 0; i < page.count(); ++i) {
    const KeyPage& child = *page.child(i);
    EXPECT_EQ(child.level() + 1, page.level());
    EXPECT_LE(child.birth(), page.birth());
    EXPECT_GE(child.count(), KeyTree::MinCount(child.level()));
    const bool is_last = i == keys.count();
    Visit(child, i == 0 ? std::string(from) : KeyAt(keys, i - 1),
          is_last ? std::string(to) : KeyAt(keys, i), !is_last || has_end);
  }
}

void BtreeChecker::ExpectHolds(const TreeModel& model) const {
  ASSERT_EQ(entries_, model.size());
  auto expected = model.begin();
  internal::ValueUnpacker unpacker;
  for (const KeyPage* const leaf : leaves_) {
    for (size_t i = 0; i < leaf->count(); ++i, ++expected) {
      ASSERT_EQ(KeyAt(leaf->keys(), i),
                internal::EncodedOid(expected->first).bytes())
          << expected->first;
      ASSERT_EQ(std::get<Value>(unpacker.Unpack(leaf->value(i))),
                expected->second.value)
          << expected->first;
      ASSERT_EQ(leaf->label(i), expected->second.label) << expected->first;
    }
  }
}

double BtreeChecker::fill() const {
  return static_cast<double>(entries_) /
         static_cast<double>(leaves_.size() * KeyPage::kMaxEntries);
}

LoadedTree::LoadedTree(const TreeModel& model) {
  BtreeBuilder builder(1);
  internal::ValuePacker packer;
  for (const auto& [suffix, row] : model) {
    builder.Add(internal::EncodedOid(suffix).bytes(), packer.Pack(row.value),
                row.label);
  }
  tree_ = builder.Finish();
}

}  // namespace passpersist::store_internal
