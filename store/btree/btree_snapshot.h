// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_BTREE_SNAPSHOT_H_
#define STORE_BTREE_BTREE_SNAPSHOT_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "passpersist/oid_store.h"
#include "store/btree/btree_iterator.h"
#include "store/btree/key_tree.h"
#include "store/btree/key_tree_traits.h"
#include "store/version/block.h"
#include "store/version/version_set.h"

namespace passpersist::store_internal {

// A version of a BtreeStore, with its pages.
//
// Immutable, so safe for concurrent use.
class BtreeSnapshot : public VersionSet::Version {
 public:
  BtreeSnapshot(VersionSet::VersionHandle handle, const KeyTree& tree)
      : Version(std::move(handle)), tree_(tree) {}

  std::unique_ptr<Iterator> NewIterator() const override {
    return std::make_unique<BtreeIterator>(shared_from_this(), tree_);
  }
  size_t size() const override { return tree_.size; }

  const KeyTree& tree() const { return tree_; }

  VersionSet::Garbage AllBlocks() const {
    std::vector<const Block*> pages;
    ListPages<KeyTreeTraits>(tree_.root, tree_.level, &pages);
    return {std::move(pages), tree_.memory};
  }

 private:
  const KeyTree tree_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_BTREE_SNAPSHOT_H_
