// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_BTREE_ITERATOR_H_
#define STORE_BTREE_BTREE_ITERATOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "store/block/suffix_decoder.h"
#include "store/btree/key_page.h"
#include "store/btree/key_tree.h"

namespace passpersist::store_internal {

// A position in a packed tree: a leaf, a place in it, and the pages above with
// the place of the child in each. A step within the leaf touches nothing else.
//
// Names and values are unpacked when they are asked for, into memory that the
// iterator keeps, so that a walk needs no heap. Of a name, only what follows
// the prefix of the leaf is unpacked again.
//
// Used by one thread at a time.
class BtreeIterator : public Iterator {
 public:
  // `owner` keeps the pages of `tree`.
  BtreeIterator(std::shared_ptr<const Snapshot> owner, const KeyTree& tree)
      : owner_(std::move(owner)), root_(tree.root) {}

  bool Valid() const override { return leaf_ != nullptr; }
  void SeekToFirst() override;

  // O(1) to the present entry and the one behind it.
  void Seek(const Oid& suffix) override;

  void Next() override {
    suffix_ = nullptr;
    slot_ = nullptr;
    if (++place_ == leaf_->count()) NextLeaf();
  }

  const Oid& suffix() const override {
    if (suffix_ == nullptr) UnpackSuffix();
    return *suffix_;
  }
  const StoredValue& slot() const override {
    if (slot_ == nullptr) slot_ = &unpacker_.Unpack(leaf_->value(place_));
    return *slot_;
  }
  absl::string_view label() const override { return leaf_->label(place_); }

 private:
  // A page has 32 children at least, but for few, so this is plenty.
  static constexpr size_t kMaxHeight = 16;

  // An inner page, and the child that the iterator is below.
  struct Step {
    const KeyPage* page;
    size_t child;
  };

  bool SeekNearby(absl::string_view key);
  void Descend(absl::string_view key);
  void DescendLeft(const KeyPage* page);
  void EnterLeaf(const KeyPage* leaf, size_t place);
  void NextLeaf();
  void UnpackSuffix() const;

  const std::shared_ptr<const Snapshot> owner_;
  const KeyPage* const root_;

  std::array<Step, kMaxHeight> steps_;  // from the root on
  size_t height_ = 0;                   // of them used
  const KeyPage* leaf_ = nullptr;       // null: behind the last entry
  size_t place_ = 0;
  internal::EncodedOid target_;

  // The present entry, as far as it has been asked for.
  mutable const Oid* suffix_ = nullptr;
  mutable const StoredValue* slot_ = nullptr;
  mutable internal::ValueUnpacker unpacker_;

  mutable SuffixDecoder suffix_decoder_;
  mutable const KeyPage* decoded_leaf_ = nullptr;  // whose prefix it has
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_BTREE_ITERATOR_H_
