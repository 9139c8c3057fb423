// SPDX-License-Identifier: Apache-2.0

#include "store/btree/key_page.h"

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/value.h"

namespace passpersist::store_internal {
namespace {

struct Freer {
  void operator()(const KeyPage* page) const { page->Free(); }
};
using PagePtr = std::unique_ptr<const KeyPage, Freer>;

constexpr uint64_t kBirth = 7;

PagePtr MakeLeaf(const std::vector<absl::string_view>& keys,
                 const std::vector<StoredValue>& stored,
                 const std::vector<absl::string_view>& labels = {}) {
  std::vector<internal::ValuePacker> packers(stored.size());
  std::vector<internal::PackedValue> values;
  for (size_t i = 0; i < stored.size(); ++i) {
    values.push_back(packers[i].Pack(stored[i]));
  }
  return PagePtr(KeyPage::MakeLeaf(kBirth, keys, values, labels));
}

TEST(KeyPageTest, ALeafHoldsItsEntries) {
  const PagePtr leaf = MakeLeaf(
      {"ab", "abc", "b"},
      {Value(Integer32{1}), Value(OctetString{"two"}), Value(Counter64{3})},
      {"one", "", "three"});
  EXPECT_TRUE(leaf->is_leaf());
  EXPECT_EQ(leaf->birth(), kBirth);
  ASSERT_EQ(leaf->count(), 3);
  EXPECT_TRUE(leaf->keys().Find("abc").found);
  internal::ValueUnpacker unpacker;
  EXPECT_EQ(std::get<Value>(unpacker.Unpack(leaf->value(0))),
            Value(Integer32{1}));
  EXPECT_EQ(std::get<Value>(unpacker.Unpack(leaf->value(1))),
            Value(OctetString{"two"}));
  EXPECT_EQ(std::get<Value>(unpacker.Unpack(leaf->value(2))),
            Value(Counter64{3}));
  EXPECT_EQ(leaf->label(0), "one");
  EXPECT_EQ(leaf->label(1), "");
  EXPECT_EQ(leaf->label(2), "three");
}

TEST(KeyPageTest, LabelsCostNothingWhereThereAreNone) {
  const Value value = Integer32{1};
  const PagePtr without = MakeLeaf({"a"}, {value});
  const PagePtr empty = MakeLeaf({"a"}, {value}, {""});
  const PagePtr with = MakeLeaf({"a"}, {value}, {"label"});
  EXPECT_EQ(without->label(0), "");
  EXPECT_EQ(empty->memory(), without->memory());
  EXPECT_EQ(with->memory(), without->memory() + 4 + 5);
}

TEST(KeyPageTest, ReferencesItsSharedValues) {
  const auto resource = std::make_shared<int>(0);
  PagePtr first =
      MakeLeaf({"a", "b"}, {ComputedValue([resource] { return Integer32{1}; }),
                            Value(Integer32{2})});
  ASSERT_EQ(resource.use_count(), 2);
  EXPECT_GT(first->memory(), sizeof(internal::SharedValue));
  const absl::string_view key = "a";
  const internal::PackedValue value = first->value(0);
  PagePtr second(KeyPage::MakeLeaf(kBirth, {&key, 1}, {&value, 1}, {}));
  first.reset();
  EXPECT_EQ(resource.use_count(), 2);
  EXPECT_EQ(second->value(0).shared_value(), value.shared_value());
  second.reset();
  EXPECT_EQ(resource.use_count(), 1);
}

TEST(KeyPageTest, ACopyOfALeafMayHaveOtherValues) {
  const PagePtr leaf =
      MakeLeaf({"a", "b", "c"},
               {Value(Counter64{1}), Value(Counter64{2}), Value(Counter64{3})},
               {"", "label", ""});
  const PackedValues::NewValue other = {
      1, {internal::ValueTag::kCounter32, 20, {}}};
  EXPECT_EQ(leaf->CopyWithValues(kBirth + 1, {&other, 1}), nullptr);
  const std::vector<PackedValues::NewValue> changes = {
      {1, {internal::ValueTag::kCounter64, 20, {}}},
      {2, {internal::ValueTag::kCounter64, 30, {}}}};
  const PagePtr copy(leaf->CopyWithValues(kBirth + 1, changes));
  EXPECT_EQ(copy->birth(), kBirth + 1);
  EXPECT_EQ(copy->value(0).number, 1);
  EXPECT_EQ(copy->value(1).number, 20);
  EXPECT_EQ(copy->value(2).number, 30);
  EXPECT_EQ(copy->label(1), "label");
  EXPECT_EQ(copy->memory(), leaf->memory());
  EXPECT_EQ(leaf->value(1).number, 2);
}

TEST(KeyPageTest, AnInnerPageFindsItsChildren) {
  std::vector<PagePtr> leaves;
  std::vector<KeyPage::Child> children;
  for (const absl::string_view key : {"a", "m", "x"}) {
    leaves.push_back(MakeLeaf({key}, {Value(Integer32{1})}));
    children.push_back({leaves.back().get(), key});
  }
  const PagePtr inner(KeyPage::MakeInner(kBirth, 1, children));
  EXPECT_EQ(inner->level(), 1);
  EXPECT_FALSE(inner->is_leaf());
  ASSERT_EQ(inner->count(), 3);
  EXPECT_EQ(inner->child(2), children[2].page);
  EXPECT_EQ(inner->ChildFor(""), 0);
  EXPECT_EQ(inner->ChildFor("lzz"), 0);
  EXPECT_EQ(inner->ChildFor("m"), 1);
  EXPECT_EQ(inner->ChildFor("wz"), 1);
  EXPECT_EQ(inner->ChildFor("x"), 2);

  const NewChild<KeyPage::Child> change = {1, children[0]};
  const PagePtr copy(inner->CopyWithChildren(kBirth + 1, {&change, 1}));
  EXPECT_EQ(copy->birth(), kBirth + 1);
  EXPECT_EQ(copy->level(), 1);
  EXPECT_EQ(copy->child(0), children[0].page);
  EXPECT_EQ(copy->child(1), children[0].page);
  EXPECT_EQ(copy->child(2), children[2].page);
  EXPECT_EQ(copy->ChildFor("wz"), 1);
  EXPECT_EQ(copy->memory(), inner->memory());
}

TEST(KeyPageTest, AnInnerPageMayHaveOneChild) {
  const PagePtr leaf = MakeLeaf({"a"}, {Value(Integer32{1})});
  const KeyPage::Child child = {leaf.get(), {}};
  const PagePtr inner(KeyPage::MakeInner(kBirth, 1, {&child, 1}));
  EXPECT_EQ(inner->ChildFor(""), 0);
  EXPECT_EQ(inner->ChildFor("b"), 0);
}

}  // namespace
}  // namespace passpersist::store_internal
