// SPDX-License-Identifier: Apache-2.0

#include "store/btree/btree_builder.h"

#include <utility>

#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::store_internal {

template class CowBuilder<KeyTreeTraits>;

void BtreeBuilder::SetSeparator() {
  // The first leaf needs no separator, and last_key_ is not set yet.
  if (pages_.empty() || leaf_.size() == 0) return;
  leaf_.separator = internal::ShortestSeparator(last_key_, leaf_.keys.front());
}

void BtreeBuilder::PackLeaf() {
  SetSeparator();
  pages_.AddLeafOf(leaf_);
  last_key_.assign(leaf_.keys.back().data(), leaf_.keys.back().size());
  leaf_.Clear();
  arena_.Clear();
}

KeyTree BtreeBuilder::Finish() {
  SetSeparator();
  const KeyTree tree = pages_.Finish(std::move(leaf_));
  arena_.Clear();  // the pages own what they need
  return tree;
}

}  // namespace passpersist::store_internal
