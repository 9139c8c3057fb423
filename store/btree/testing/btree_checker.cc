// SPDX-License-Identifier: Apache-2.0

#include "store/btree/testing/btree_checker.h"

#include <cstddef>
#include <variant>

#include "gtest/gtest.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_value.h"
#include "store/btree/btree_builder.h"
#include "store/btree/key_page.h"

namespace passpersist::store_internal {
namespace {

std::string KeyAt(const KeyPage& page, size_t i) {
  std::string key(page.keys().KeySize(i) + PackedKeys::kSlack, '?');
  page.keys().CopyKey(i, key.data());
  key.resize(page.keys().KeySize(i));
  return key;
}

const KeyPage& EdgeLeaf(const KeyPage* page, bool last) {
  while (!page->is_leaf()) page = page->child(last ? page->count() - 1 : 0);
  return *page;
}

}  // namespace

BtreeChecker::BtreeChecker(const KeyTree& tree) : CowTreeChecker(tree) {
  std::string before;
  bool is_first = true;
  for (const KeyPage* const leaf : leaves()) {
    EXPECT_EQ(leaf->keys().count(), leaf->count());
    for (size_t i = 0; i < leaf->count(); ++i, is_first = false) {
      const std::string key = KeyAt(*leaf, i);
      EXPECT_TRUE(is_first || key > before);
      before = key;
    }
  }
  for (const auto& [child, level] : inner_pages()) {
    const KeyPage& page = *child.page;
    EXPECT_EQ(page.level(), level);
    EXPECT_EQ(page.keys().count() + 1, page.count());
    for (size_t i = 0; i < page.keys().count(); ++i) {
      const KeyPage& left = EdgeLeaf(page.child(i), true);
      const std::string separator = KeyAt(page, i);
      EXPECT_LT(KeyAt(left, left.count() - 1), separator);
      EXPECT_LE(separator, KeyAt(EdgeLeaf(page.child(i + 1), false), 0));
    }
  }
}

void BtreeChecker::ExpectHolds(const TreeModel& model) const {
  ASSERT_EQ(tree().size, model.size());
  auto expected = model.begin();
  internal::ValueUnpacker unpacker;
  for (const KeyPage* const leaf : leaves()) {
    for (size_t i = 0; i < leaf->count(); ++i, ++expected) {
      ASSERT_EQ(KeyAt(*leaf, i), internal::EncodedOid(expected->first).bytes())
          << expected->first;
      ASSERT_EQ(std::get<Value>(unpacker.Unpack(leaf->value(i))),
                expected->second.value)
          << expected->first;
      ASSERT_EQ(leaf->label(i), expected->second.label) << expected->first;
    }
  }
}

KeyTree LoadTree(const TreeModel& model) {
  BtreeBuilder builder(1);
  internal::ValuePacker packer;
  for (const auto& [suffix, row] : model) {
    builder.Add(internal::EncodedOid(suffix).bytes(), packer.Pack(row.value),
                row.label);
  }
  return builder.Finish();
}

}  // namespace passpersist::store_internal
