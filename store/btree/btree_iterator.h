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

// A position in a KeyTree: a leaf, a place in it, and the pages above with the
// position of the child in each. Next() within a leaf reads only the leaf.
//
// suffix() and value() decode the key and the value, into memory that the
// iterator reuses, so that a walk does not allocate. The prefix of a leaf is
// decoded once; for further keys of the leaf, only the remainder is.
//
// Used by one thread at a time.
class BtreeIterator : public Iterator {
 public:
  // `owner` keeps the pages of `tree`.
  BtreeIterator(std::shared_ptr<const Snapshot> owner, const KeyTree& tree)
      : owner_(std::move(owner)), root_(tree.root) {}

  bool Valid() const override { return leaf_ != nullptr; }
  void SeekToFirst() override;

  // O(1) to the current entry and the next one.
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
  const StoredValue& value() const override {
    if (slot_ == nullptr) slot_ = &unpacker_.Unpack(leaf_->value(place_));
    return *slot_;
  }
  absl::string_view label() const override { return leaf_->label(place_); }

 private:
  // Pages have at least 32 children, with few exceptions: 16 levels are enough.
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
  size_t height_ = 0;                   // of steps_, in use
  const KeyPage* leaf_ = nullptr;       // null: after the last entry
  size_t place_ = 0;
  internal::EncodedOid target_;

  // The current entry, as far as it has been decoded; else null.
  mutable const Oid* suffix_ = nullptr;
  mutable const StoredValue* slot_ = nullptr;
  mutable internal::ValueUnpacker unpacker_;

  mutable SuffixDecoder suffix_decoder_;
  mutable const KeyPage* decoded_leaf_ = nullptr;  // whose prefix is decoded
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_BTREE_ITERATOR_H_
