// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TRIE_TRIE_LEAF_H_
#define STORE_TRIE_TRIE_LEAF_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/oid_encoding.h"
#include "store/block/packed_keys.h"
#include "store/trie/trie_node.h"

namespace passpersist::store_internal {

// A node without children. There are four kinds, each the smallest form for its
// keys:
//
//   kRange   first, size              the keys first, first + 1, …, one arc
//                                     each: rows that are numbered without a
//                                     gap, whether ten or ten million
//   kBitmap  first | 0110111... |     keys of one arc each out of kMaxBits
//            ranks of words           consecutive arcs, one bit for each arc:
//                                     numbered rows with gaps
//   kKeys    PackedKeys               up to kMaxKeys keys of any form
//   kMasked  reference to a kKeys     some of the keys of a kKeys leaf, which
//            leaf, one bit for each   it shares: a column that lacks a few
//            of its keys              cells
//
// A place in a leaf is a number that increases from key to key. Its meaning
// depends on the kind: an offset, a bit, or the position of a key.
//
// Searched keys are whole arcs. Unlike PackedKeys, kRange and kBitmap leaves
// cannot compare with a key that ends within an arc, as a separator may.
//
// Immutable, so safe for concurrent use.
class TrieLeaf : public TrieNode {
 public:
  // A leaf of more keys costs more to copy and is not faster to search.
  static constexpr size_t kMaxKeys = 96;
  static constexpr uint32_t kMaxBits = 2048;

  // The keys `first` to `first + count - 1`, one arc each.
  static const TrieLeaf* MakeRange(uint64_t birth, uint32_t first,
                                   uint32_t count);

  // Requires ascending arcs, the last less than kMaxBits after the first.
  static const TrieLeaf* MakeBitmap(uint64_t birth,
                                    absl::Span<const uint32_t> arcs);

  // A copy of `bitmap` that contains each of `changed_arcs` if `bitmap` does
  // not, and the other way round. Requires arcs from first() up to, but
  // without, first() + end(), and that a key is left.
  static const TrieLeaf* CopyBitmap(uint64_t birth, const TrieLeaf& bitmap,
                                    absl::Span<const uint32_t> changed_arcs);

  // Requires up to kMaxKeys ascending keys.
  static const TrieLeaf* MakeKeys(uint64_t birth,
                                  absl::Span<const absl::string_view> keys);

  // The keys of `full`, a kKeys leaf, at these places, which ascend and are not
  // all places of `full`. The new leaf holds a reference to `full`.
  static const TrieLeaf* MakeMasked(uint64_t birth, const TrieLeaf* full,
                                    absl::Span<const uint32_t> places);

  // The place of a key, or the place to insert it at.
  struct Place {
    uint32_t at;    // of the first key that is not less, or end()
    uint32_t rank;  // how many keys of this leaf are less
    bool found;     // true if the key at `at` is equal
  };
  Place Find(absl::string_view key) const;

  // The place of the first key, and the place after the last key.
  uint32_t begin() const;
  uint32_t end() const;
  // The place of the next key after `at`.
  uint32_t Next(uint32_t at) const;

  // Less than, equal to or greater than 0 if the key at `at` is less than,
  // equal to or greater than `key`.
  int Compare(uint32_t at, absl::string_view key) const;

  // Writes the key at `at` to `out` and returns its end. `out` needs KeyBound()
  // bytes.
  size_t KeyBound(uint32_t at) const;
  char* CopyKey(uint32_t at, char* out) const;

  // The arc of place 0 of a range or a bitmap: the first key of a range.
  uint32_t first() const { return first_; }
  // The arc of place `at` of a range or a bitmap.
  uint32_t ArcAt(uint32_t at) const { return first_ + at; }
  // The kKeys leaf that a kMasked leaf refers to.
  const TrieLeaf* full_leaf() const { return mask().full; }
  // The keys of a kKeys leaf, or of the full_leaf() of a kMasked leaf. A place
  // is a position among them.
  const PackedKeys& keys() const {
    return kind() == Kind::kMasked ? mask().full->own_keys() : own_keys();
  }

 private:
  friend class TrieNode;

  struct Mask {
    static constexpr size_t kWords = (kMaxKeys + 63) / 64;
    const TrieLeaf* full;
    uint64_t bits[kWords];
  };

  TrieLeaf(uint64_t birth, size_t bytes, Kind kind, uint32_t size,
           uint32_t first, uint32_t words)
      : TrieNode(birth, bytes, kind, size), first_(first), words_(words) {}

  void CountRanks();

  // Of a bitmap: the words, then for each word the rank of its first bit.
  const uint64_t* words() const {
    return kind() == Kind::kMasked
               ? mask().bits
               : reinterpret_cast<const uint64_t*>(this + 1);
  }
  const uint16_t* ranks() const {
    return reinterpret_cast<const uint16_t*>(words() + words_);
  }
  const Mask& mask() const { return *reinterpret_cast<const Mask*>(this + 1); }
  const PackedKeys& own_keys() const {
    return *reinterpret_cast<const PackedKeys*>(this + 1);
  }

  bool Has(uint32_t bit) const {
    return (words()[bit / 64] >> bit % 64 & 1) != 0;
  }
  // The first set bit from `bit` on, or end().
  uint32_t NextBit(uint32_t bit) const;
  // How many bits are set before `bit`.
  uint32_t RankOf(uint32_t bit) const;

  const uint32_t first_;  // the arc of place 0, of a range and of a bitmap
  const uint32_t words_;  // of a bitmap and of a mask
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_LEAF_H_
