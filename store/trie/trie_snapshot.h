// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_SNAPSHOT_H_
#define STORE_TRIE_TRIE_SNAPSHOT_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "passpersist/oid_store.h"
#include "store/trie/trie_iterator.h"
#include "store/trie/trie_tree.h"
#include "store/version/block.h"
#include "store/version/version_set.h"

namespace passpersist::store_internal {

// A version of a TrieStore, with its blocks.
//
// Immutable, so safe for concurrent use.
class TrieSnapshot : public VersionSet::Version {
 public:
  TrieSnapshot(VersionSet::VersionHandle handle, const TrieTree& tree)
      : Version(std::move(handle)), tree_(tree) {}

  std::unique_ptr<Iterator> NewIterator() const override {
    return std::make_unique<TrieIterator>(shared_from_this(), tree_);
  }
  size_t size() const override { return tree_.size(); }

  const TrieTree& tree() const { return tree_; }

  VersionSet::Garbage AllBlocks() const {
    std::vector<const Block*> blocks;
    ListBlocks(tree_, &blocks);
    return {std::move(blocks), tree_.memory()};
  }

 private:
  const TrieTree tree_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_SNAPSHOT_H_
