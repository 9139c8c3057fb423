// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_tree.h"

namespace passpersist::store_internal {
namespace {

void ListBlocksBelow(const Block* block, int level,
                     std::vector<const Block*>* blocks) {
  blocks->push_back(block);
  if (level == 0) return;
  const auto& dir = static_cast<const ValueDir&>(*block);
  for (size_t i = 0; i < dir.count(); ++i) {
    ListBlocksBelow(dir.child(i), level - 1, blocks);
  }
}

}  // namespace

void ListBlocks(const ValueTree& tree, std::vector<const Block*>* blocks) {
  if (tree.root != nullptr) ListBlocksBelow(tree.root, tree.level, blocks);
}

void FreeBlocks(const ValueTree& tree) {
  std::vector<const Block*> blocks;
  ListBlocks(tree, &blocks);
  for (const Block* const block : blocks) block->Free();
}

}  // namespace passpersist::store_internal
