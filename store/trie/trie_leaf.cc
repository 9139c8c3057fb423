// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_leaf.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace passpersist::store_internal {
namespace {

uint32_t CountBits(uint64_t word) {
  return static_cast<uint32_t>(__builtin_popcountll(word));
}

uint32_t LowestBit(uint64_t word) {
  return static_cast<uint32_t>(__builtin_ctzll(word));
}

// The bits of a word from that of `bit` on.
uint64_t BitsFrom(uint32_t bit) { return ~uint64_t{0} << bit % 64; }

int CompareNumbers(uint32_t a, uint32_t b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

}  // namespace

const TrieLeaf* TrieLeaf::MakeRange(uint64_t birth, uint32_t first,
                                    uint32_t count) {
  return Allocate<TrieLeaf>(birth, sizeof(TrieLeaf), Kind::kRange, count, first,
                            0u);
}

const TrieLeaf* TrieLeaf::MakeBitmap(uint64_t birth,
                                     absl::Span<const uint32_t> arcs) {
  const uint32_t words = (arcs.back() - arcs.front()) / 64 + 1;
  auto* const leaf = Allocate<TrieLeaf>(
      birth, sizeof(TrieLeaf) + words * (sizeof(uint64_t) + sizeof(uint16_t)),
      Kind::kBitmap, static_cast<uint32_t>(arcs.size()), arcs.front(), words);
  auto* const bits = reinterpret_cast<uint64_t*>(leaf + 1);
  std::fill_n(bits, words, 0);
  for (const uint32_t arc : arcs) {
    const uint32_t bit = arc - arcs.front();
    bits[bit / 64] |= uint64_t{1} << bit % 64;
  }
  leaf->CountRanks();
  return leaf;
}

const TrieLeaf* TrieLeaf::CopyBitmap(uint64_t birth, const TrieLeaf& bitmap,
                                     absl::Span<const uint32_t> changed_arcs) {
  // Toggles bits of a copy of the words, since the size, which the new leaf
  // needs first, depends on the old bits.
  std::array<uint64_t, kMaxBits / 64> words;
  std::copy_n(bitmap.words(), bitmap.words_, words.begin());
  uint32_t size = bitmap.size();
  for (const uint32_t arc : changed_arcs) {
    const uint32_t bit = arc - bitmap.first_;
    const bool is_added =
        (words[bit / 64] ^= uint64_t{1} << bit % 64) >> bit % 64 & 1;
    size += is_added ? 1u : ~0u;  // ~0u subtracts 1
  }
  auto* const leaf = Allocate<TrieLeaf>(birth, bitmap.memory(), Kind::kBitmap,
                                        size, bitmap.first_, bitmap.words_);
  std::copy_n(words.begin(), bitmap.words_,
              reinterpret_cast<uint64_t*>(leaf + 1));
  leaf->CountRanks();
  return leaf;
}

// A rank for each word instead of each bit: the bits within a word are counted
// by one instruction.
void TrieLeaf::CountRanks() {
  auto* const ranks = const_cast<uint16_t*>(this->ranks());
  uint32_t rank = 0;
  for (uint32_t word = 0; word < words_; ++word) {
    ranks[word] = static_cast<uint16_t>(rank);
    rank += CountBits(words()[word]);
  }
}

const TrieLeaf* TrieLeaf::MakeKeys(uint64_t birth,
                                   absl::Span<const absl::string_view> keys) {
  const PackedKeys::Layout layout(keys);
  auto* const leaf =
      Allocate<TrieLeaf>(birth, sizeof(TrieLeaf) + layout.Size(), Kind::kKeys,
                         static_cast<uint32_t>(keys.size()), 0u, 0u);
  PackedKeys::Write(layout, keys, reinterpret_cast<char*>(leaf + 1));
  return leaf;
}

const TrieLeaf* TrieLeaf::MakeMasked(uint64_t birth, const TrieLeaf* full,
                                     absl::Span<const uint32_t> places) {
  // A mask has kWords words for a leaf of any size: two words are not worth a
  // form of their own.
  auto* const leaf =
      Allocate<TrieLeaf>(birth, sizeof(TrieLeaf) + sizeof(Mask), Kind::kMasked,
                         static_cast<uint32_t>(places.size()), 0u,
                         static_cast<uint32_t>((full->size() + 63) / 64));
  auto* const mask = new (leaf + 1) Mask{full, {}};
  for (const uint32_t place : places) {
    mask->bits[place / 64] |= uint64_t{1} << place % 64;
  }
  return leaf;
}

uint32_t TrieLeaf::NextBit(uint32_t bit) const {
  uint32_t word = bit / 64;
  if (word >= words_) return end();
  uint64_t left = words()[word] & BitsFrom(bit);
  while (left == 0) {
    if (++word == words_) return end();
    left = words()[word];
  }
  return word * 64 + LowestBit(left);
}

uint32_t TrieLeaf::RankOf(uint32_t bit) const {
  const uint32_t word = bit / 64;
  if (word >= words_) return size();
  uint32_t rank = CountBits(words()[word] & ~BitsFrom(bit));
  if (kind() == Kind::kBitmap) return ranks()[word] + rank;
  // A mask has kWords words, too few to store their ranks.
  for (uint32_t i = 0; i < word; ++i) rank += CountBits(words()[i]);
  return rank;
}

uint32_t TrieLeaf::begin() const {
  return kind() == Kind::kBitmap || kind() == Kind::kMasked ? NextBit(0) : 0;
}

uint32_t TrieLeaf::end() const {
  return kind() == Kind::kBitmap || kind() == Kind::kMasked ? words_ * 64
                                                            : size();
}

uint32_t TrieLeaf::Next(uint32_t at) const {
  return kind() == Kind::kBitmap || kind() == Kind::kMasked ? NextBit(at + 1)
                                                            : at + 1;
}

TrieLeaf::Place TrieLeaf::Find(absl::string_view key) const {
  if (kind() >= Kind::kKeys) {
    const PackedKeys::Place place = keys().Find(key);
    auto at = static_cast<uint32_t>(place.index);
    if (kind() == Kind::kKeys) return {at, at, place.found};
    // The mask may exclude the key that was found.
    const bool found = place.found && Has(at);
    at = NextBit(at);
    return {at, RankOf(at), found};
  }
  uint32_t arc;
  if (key.empty()) return {0, 0, false};
  const bool is_arc = internal::UnpackArc(key.data(), &arc) == key.size();
  // A longer key is greater than its first arc alone, and less than the next
  // arc.
  if (arc < first_) return {0, 0, false};
  const uint32_t offset = arc - first_;
  if (offset >= end()) return {end(), size(), false};
  if (kind() == Kind::kRange) {
    const uint32_t at = offset + (is_arc ? 0 : 1);
    return {at, at, is_arc};
  }
  const bool found = is_arc && Has(offset);
  const uint32_t at = found ? offset : NextBit(offset + (is_arc ? 0 : 1));
  return {at, RankOf(at), found};
}

int TrieLeaf::Compare(uint32_t at, absl::string_view key) const {
  if (kind() >= Kind::kKeys) return keys().Compare(at, key);
  if (key.empty()) return 1;
  uint32_t arc;
  const size_t size = internal::UnpackArc(key.data(), &arc);
  const int order = CompareNumbers(ArcAt(at), arc);
  // `key` may have more arcs, which make it greater.
  return order != 0 || size == key.size() ? order : -1;
}

size_t TrieLeaf::KeyBound(uint32_t at) const {
  if (kind() < Kind::kKeys) return internal::kMaxPackedArcSize;
  return keys().KeySize(at) + PackedKeys::kSlack;
}

char* TrieLeaf::CopyKey(uint32_t at, char* out) const {
  if (kind() < Kind::kKeys) return internal::PackArc(ArcAt(at), out);
  return keys().CopyKey(at, out);
}

}  // namespace passpersist::store_internal
