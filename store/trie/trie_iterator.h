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

// A position in the keys of a TrieTree and the position of the same rank in its
// values. After a Seek(), the value is fetched from memory while the caller
// looks at the key.
//
// suffix() and value() decode the key and the value, into memory that the
// iterator reuses, so that a walk does not allocate.
//
// Used by one thread at a time.
class TrieIterator : public Iterator {
 public:
  // `owner` keeps the blocks of `tree`.
  TrieIterator(std::shared_ptr<const Snapshot> owner, const TrieTree& tree)
      : owner_(std::move(owner)), keys_(tree.keys), values_(tree.values) {}

  bool Valid() const override { return keys_.Valid(); }
  void SeekToFirst() override;

  // O(1) to the current entry and the next one.
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
  const StoredValue& value() const override {
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

  // The current entry, as far as it has been decoded; else null.
  mutable const Oid* suffix_ = nullptr;
  mutable const StoredValue* slot_ = nullptr;
  mutable internal::ValueUnpacker value_unpacker_;
  mutable SuffixDecoder suffix_decoder_;
  mutable uint64_t decoded_visit_ = 0;  // whose prefix is decoded; 0: none
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_ITERATOR_H_
