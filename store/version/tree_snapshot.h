// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VERSION_TREE_SNAPSHOT_H_
#define STORE_VERSION_TREE_SNAPSHOT_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "passpersist/oid_store.h"
#include "store/version/block.h"
#include "store/version/tree_iterator.h"
#include "store/version/version_set.h"

namespace passpersist::store_internal {

// A version of a store, with its blocks. Cursor: see TreeIterator. Cursor::Tree
// refers to the blocks; there are
//
//   size_t SizeOf(tree), MemoryOf(tree)   its entries; the bytes of its blocks
//   void ListBlocks(tree, &blocks)        adds all its blocks to `blocks`
//
// Immutable, so safe for concurrent use.
template <typename Cursor>
class TreeSnapshot : public VersionSet::Version {
 public:
  using Tree = typename Cursor::Tree;

  TreeSnapshot(VersionSet::VersionHandle handle, const Tree& tree)
      : Version(std::move(handle)), tree_(tree) {}

  std::unique_ptr<Iterator> NewIterator() const override {
    return std::make_unique<TreeIterator<Cursor>>(shared_from_this(), tree_);
  }
  size_t size() const override { return SizeOf(tree_); }

  // The bytes of this object and of all blocks.
  size_t memory() const { return sizeof *this + MemoryOf(tree_); }

  const Tree& tree() const { return tree_; }

  VersionSet::Garbage AllBlocks() const {
    std::vector<const Block*> blocks;
    ListBlocks(tree_, &blocks);
    return {std::move(blocks), MemoryOf(tree_)};
  }

 private:
  const Tree tree_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VERSION_TREE_SNAPSHOT_H_
