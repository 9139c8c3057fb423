// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_ITERATOR_H_
#define STORE_TRIE_TRIE_ITERATOR_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "store/block/suffix_decoder.h"
#include "store/trie/trie_cursor.h"
#include "store/trie/trie_tree.h"
#include "store/values/value_cursor.h"

namespace passpersist::store_internal {

// A position among the names of a TrieTree and the same one among its values,
// which are found by the rank of the name; the value is being fetched from
// memory while the name is looked at.
//
// Names and values are unpacked when they are asked for, into memory that the
// iterator keeps, so that a walk needs no heap.
//
// Used by one thread at a time.
class TrieIterator : public Iterator {
 public:
  // `owner` keeps the parts of `tree`.
  TrieIterator(std::shared_ptr<const Snapshot> owner, const TrieTree& tree)
      : owner_(std::move(owner)), keys_(tree.keys), values_(tree.values) {}

  bool Valid() const override { return keys_.Valid(); }
  void SeekToFirst() override;

  // O(1) to the present entry and the one behind it.
  void Seek(const Oid& suffix) override;

  void Next() override {
    suffix_ = nullptr;
    slot_ = nullptr;
    keys_.Next();
    values_.Next();
  }

  const Oid& suffix() const override {
    if (suffix_ == nullptr) UnpackSuffix();
    return *suffix_;
  }
  const StoredValue& slot() const override {
    if (slot_ == nullptr) slot_ = &value_unpacker_.Unpack(values_.value());
    return *slot_;
  }
  absl::string_view label() const override { return values_.label(); }

 private:
  bool SeekNearby(absl::string_view key);
  void UnpackSuffix() const;

  const std::shared_ptr<const Snapshot> owner_;
  TrieCursor keys_;
  ValueCursor values_;
  internal::EncodedOid target_;

  // The present entry, as far as it has been asked for.
  mutable const Oid* suffix_ = nullptr;
  mutable const StoredValue* slot_ = nullptr;
  mutable internal::ValueUnpacker value_unpacker_;
  mutable SuffixDecoder suffix_decoder_;
  mutable uint64_t decoded_visit_ = 0;  // whose prefix is unpacked; 0: none
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_ITERATOR_H_
