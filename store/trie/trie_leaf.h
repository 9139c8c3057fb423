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

// A node without nodes below. There are four kinds, each the least form for
// what it is made for:
//
//   run     first, size               the names first, first + 1, …: one arc
//                                     each. Rows that are numbered without a
//                                     gap, be there ten or ten million.
//   bits    first | 0110111... |      names of one arc each, among kMaxBits in
//           ranks of words            a row: a bit each. Rows with gaps.
//   keys    PackedKeys                up to kMaxKeys names of any form
//   subset  leaf of keys, a bit       some of the names of a leaf of keys,
//           for each of its names     which it shares: what a column has that
//                                     lacks a few cells
//
// A place in a leaf is a number that means something to its kind only (an
// offset, a bit, an index), and grows from name to name.
//
// Keys that are looked for are whole arcs: unlike PackedKeys, runs and bits
// don't take one that is cut within an arc, as separators are.
//
// Immutable, so safe for concurrent use.
class TrieLeaf : public TrieNode {
 public:
  // With more names a page of keys costs more to copy and is no quicker.
  static constexpr size_t kMaxKeys = 96;
  static constexpr uint32_t kMaxBits = 2048;

  // The names `first` to `first + count - 1`.
  static const TrieLeaf* MakeRange(uint64_t birth, uint32_t first,
                                 uint32_t count);

  // Requires ascending arcs, the last less than kMaxBits behind the first.
  static const TrieLeaf* MakeBitmap(uint64_t birth,
                                  absl::Span<const uint32_t> arcs);

  // `bits` with names that come, and without names that go: those that it does
  // not have and those that it has. Requires arcs between first() and
  // first() + end(), and that a name is left.
  static const TrieLeaf* CopyBitmap(uint64_t birth, const TrieLeaf& bits,
                                      absl::Span<const uint32_t> changed_arcs);

  // Requires up to kMaxKeys ascending keys.
  static const TrieLeaf* MakeKeys(uint64_t birth,
                                  absl::Span<const absl::string_view> keys);

  // The names of `all`, a leaf of keys, at these places, in order; not all of
  // them. The owner of the subset owns `all` through it.
  static const TrieLeaf* MakeMasked(uint64_t birth, const TrieLeaf* full,
                                    absl::Span<const uint32_t> places);

  // Where a name is or would be.
  struct Place {
    uint32_t at;    // of the first name that is not before it, or end()
    uint32_t rank;  // of names in this leaf
    bool found;     // that name is it
  };
  Place Find(absl::string_view key) const;

  // The first place, and that behind the last name.
  uint32_t begin() const;
  uint32_t end() const;
  // The place behind `at`.
  uint32_t Next(uint32_t at) const;

  // Less than, equal to or greater than 0 as the name at `at` is before `key`,
  // is it or is behind it.
  int Compare(uint32_t at, absl::string_view key) const;

  // Writes the name to `out` and returns the end. Needs KeyBound() bytes.
  size_t KeyBound(uint32_t at) const;
  char* CopyKey(uint32_t at, char* out) const;

  // The arc at place 0 of a run or of bits: the first name of a run.
  uint32_t first() const { return first_; }
  // The arc of a name of a run or of bits.
  uint32_t ArcAt(uint32_t at) const { return first_ + at; }
  // The leaf of keys of a subset.
  const TrieLeaf* full_leaf() const { return mask().full; }
  // The keys of a leaf of keys, or of that of a subset; places are indexes.
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

  // Bits: the words, then for each word the rank of its first bit.
  const uint64_t* words() const {
    return kind() == Kind::kMasked
               ? mask().bits
               : reinterpret_cast<const uint64_t*>(this + 1);
  }
  const uint16_t* ranks() const {
    return reinterpret_cast<const uint16_t*>(words() + words_);
  }
  const Mask& mask() const {
    return *reinterpret_cast<const Mask*>(this + 1);
  }
  const PackedKeys& own_keys() const {
    return *reinterpret_cast<const PackedKeys*>(this + 1);
  }

  bool Has(uint32_t bit) const {
    return (words()[bit / 64] >> bit % 64 & 1) != 0;
  }
  // The first bit that is set from `bit` on, or end().
  uint32_t NextBit(uint32_t bit) const;
  uint32_t RankOf(uint32_t bit) const;

  const uint32_t first_;  // the arc of place 0, of a run and of bits
  const uint32_t words_;  // of bits and of a subset
};

}  // namespace passpersist::store_internal

#endif  // STORE_TRIE_TRIE_LEAF_H_
