// SPDX-License-Identifier: Apache-2.0

#include "store/btree/btree_builder.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"
#include "store/btree/key_tree.h"
#include "store/btree/testing/btree_checker.h"

namespace passpersist::store_internal {
namespace {

// A table, column by column.
TreeModel Columns(uint32_t columns, uint32_t rows) {
  TreeModel model;
  for (uint32_t column = 1; column <= columns; ++column) {
    for (uint32_t row = 1; row <= rows; ++row) {
      model[{1, column, row}] = {
          column % 2 == 0 ? Value(Counter32{row})
                          : Value(OctetString{"port " + std::to_string(row)}),
          ""};
    }
  }
  return model;
}

TEST(BtreeBuilderTest, MakesNoPageForNoEntries) {
  BtreeBuilder builder(1);
  const KeyTree tree = builder.Finish();
  EXPECT_EQ(tree.root, nullptr);
  EXPECT_EQ(tree.size, 0);
  EXPECT_EQ(tree.memory, 0);
}

TEST(BtreeBuilderTest, KeepsTheInvariantsForAnySize) {
  for (const uint32_t rows :
       {1u,    15u,   16u,   63u,   64u,   65u,    79u,
        80u,   81u,   128u,  129u,  143u,  144u,   145u,
        8191u, 8192u, 8193u, 8207u, 8208u, 10240u, 10241u}) {
    SCOPED_TRACE(rows);
    const TreeModel model = Columns(1, rows);
    const LoadedTree loaded(model);
    BtreeChecker(loaded.tree()).ExpectHolds(model);
  }
}

TEST(BtreeBuilderTest, BuildsInnerPagesOfSeveralLevels) {
  const TreeModel model = Columns(2, 300 * 64);
  const LoadedTree loaded(model);
  EXPECT_EQ(loaded.tree().root->level(), 2);
  BtreeChecker(loaded.tree()).ExpectHolds(model);
}

TEST(BtreeBuilderTest, FillsTheLeaves) {
  const LoadedTree loaded(Columns(10, 1000));
  EXPECT_GT(BtreeChecker(loaded.tree()).fill(), 0.99);
}

TEST(BtreeBuilderTest, KeepsLabels) {
  TreeModel model = Columns(1, 1000);
  for (auto& [suffix, row] : model) {
    if (suffix.back() % 7 == 0) row.label = "row " + suffix.ToString();
  }
  const LoadedTree loaded(model);
  BtreeChecker(loaded.tree()).ExpectHolds(model);
}

TEST(BtreeBuilderTest, StoresATableOfNumbersInFewBytes) {
  TreeModel model;
  for (uint32_t row = 0; row < 10000; ++row)
    model[{2, row}] = {Gauge32{row}, ""};
  const LoadedTree loaded(model);
  EXPECT_LT(loaded.tree().memory, model.size() * 7);
}

TEST(BtreeBuilderTest, FreesAnUnfinishedTree) {
  const auto resource = std::make_shared<int>(0);
  {
    BtreeBuilder builder(1);
    internal::ValuePacker packer;
    const StoredValue computed =
        ComputedValue([resource] { return Integer32{1}; });
    for (uint32_t i = 0; i < 200; ++i) {
      builder.Add(internal::EncodedOid({i}).bytes(), packer.Pack(computed),
                  "label");
    }
  }
  EXPECT_EQ(resource.use_count(), 1);
}

}  // namespace
}  // namespace passpersist::store_internal
