#ifndef STORE_BTREE_PACKED_SNAPSHOT_H_
#define STORE_BTREE_PACKED_SNAPSHOT_H_

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "passpersist/oid_store.h"
#include "store/btree/packed_iterator.h"
#include "store/btree/packed_tree.h"
#include "store/version/part.h"
#include "store/version/versions.h"

namespace passpersist::internal {

// A version of a packed B+-tree, with its pages.
//
// Immutable, so safe for concurrent use.
class PackedSnapshot : public Versions::Version {
 public:
  PackedSnapshot(Versions::Ticket ticket, const PackedTree& tree)
      : Version(std::move(ticket)), tree_(tree) {}

  std::unique_ptr<Iterator> NewIterator() const override {
    return std::make_unique<PackedIterator>(shared_from_this(), tree_);
  }
  size_t size() const override { return tree_.size; }

  const PackedTree& tree() const { return tree_; }

  Versions::Retired All() const {
    std::vector<const Part*> pages;
    if (tree_.root != nullptr) ListPages(tree_.root, &pages);
    return {std::move(pages), tree_.memory};
  }

 private:
  const PackedTree tree_;
};

}  // namespace passpersist::internal

#endif  // STORE_BTREE_PACKED_SNAPSHOT_H_
