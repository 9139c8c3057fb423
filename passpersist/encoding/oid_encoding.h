// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_OID_ENCODING_H_
#define PASSPERSIST_ENCODING_OID_ENCODING_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/oid.h"

namespace passpersist::internal {

// The encoding of an Oid as bytes. The order of the bytes (compared byte by
// byte, a prefix first) is the order of the Oids, so that a tree compares bytes
// and does not decode arcs. Small arcs, the most frequent ones, take one byte:
//
//   arc                     bytes
//   0 .. 247                arc
//   248 .. 1,271            f8..fb, 1 byte    (4 * 256 of them)
//   1,272 .. 66,807         fc, 2 bytes
//   66,808 .. 16,844,023    fd, 3 bytes
//   .. 2^32-1               fe, 4 bytes
//
// Each form counts from its least arc, most significant byte first. The first
// byte determines the length, and a greater arc never has a smaller first byte.
// Hence:
// - the encoding of Oid a is a prefix of the encoding of Oid b exactly if a is
//   a prefix of b;
// - each Oid has exactly one encoding;
// - encodings that are cut at any byte can still be compared.
//
// Long indexes consist of addresses and texts; nearly all of their bytes take
// one byte. The greater arcs of row numbers cost little: a page stores the
// common prefix of its keys once.

constexpr size_t kMaxPackedArcSize = 5;

// The size of the encoded arc whose first byte is `first`.
inline size_t PackedArcSize(unsigned char first) {
  if (first < 0xf8) return 1;
  return first < 0xfc ? 2 : first - 0xfc + size_t{3};
}

// An encoded arc: its bytes from the highest byte of `word` down, followed by
// zeros.
//
// A value type.
struct PackedArc {
  uint64_t word;
  size_t size;
};
PackedArc PackLargeArc(uint32_t arc);
inline PackedArc PackArc(uint32_t arc) {
  if (arc >= 0xf8) return PackLargeArc(arc);
  return {uint64_t{arc} << 56, 1};
}

// StoreWord() writes the eight bytes of `word` to `out`, the highest byte
// first; LoadWord() reads them. The fold expressions compile to two
// instructions; compilers do not recognize the equivalent loop.
template <size_t... kBytes>
void StoreWord(uint64_t word, char* out, std::index_sequence<kBytes...>) {
  ((out[kBytes] = static_cast<char>(word >> (56 - 8 * kBytes))), ...);
}
inline void StoreWord(uint64_t word, char* out) {
  StoreWord(word, out, std::make_index_sequence<sizeof word>());
}
template <size_t... kBytes>
uint64_t LoadWord(const char* in, std::index_sequence<kBytes...>) {
  return (
      (uint64_t{static_cast<unsigned char>(in[kBytes])} << (56 - 8 * kBytes)) |
      ...);
}
inline uint64_t LoadWord(const char* in) {
  return LoadWord(in, std::make_index_sequence<sizeof(uint64_t)>());
}

// Writes the bytes of `arc` to `out`, where kMaxPackedArcSize bytes are free.
// Returns the end of the written bytes.
char* PackLargeArc(uint32_t arc, char* out);
inline char* PackArc(uint32_t arc, char* out) {
  if (arc >= 0xf8) return PackLargeArc(arc, out);
  *out = static_cast<char>(arc);
  return out + 1;
}

// Writes the bytes of an Oid to `out`, where kMaxPackedArcSize bytes for each
// arc are free. Returns the end of the written bytes.
char* PackArcs(absl::Span<const uint32_t> arcs, char* out);

// True if `bytes` are those that PackArcs() writes.
bool ArePackedArcs(absl::Span<const uint32_t> arcs, absl::string_view bytes);

// Reads the arc at the beginning of `bytes`, which must hold a whole arc.
// Returns the number of bytes read.
size_t UnpackLargeArc(const char* bytes, uint32_t* arc);
inline size_t UnpackArc(const char* bytes, uint32_t* arc) {
  const auto first = static_cast<unsigned char>(*bytes);
  if (first >= 0xf8) return UnpackLargeArc(bytes, arc);
  *arc = first;
  return 1;
}

// The arc whose `size` bytes are the highest bytes of `word`.
uint32_t UnpackLargeArc(uint64_t word, size_t size);
inline uint32_t UnpackArc(uint64_t word, size_t size) {
  return size == 1 ? static_cast<uint32_t>(word >> 56)
                   : UnpackLargeArc(word, size);
}

// Reads arcs from `bytes` into `arcs`, which has room for one arc a byte.
// Leaves out an arc that is cut off at the end. Returns the number of arcs and
// sets `*used` to the number of bytes that they took.
size_t UnpackArcs(absl::string_view bytes, uint32_t* arcs, size_t* used);

// Reads whole arcs, faster than UnpackArcs(). The input is the `lead_size`
// highest bytes of `lead`, the highest one first, followed by `bytes`; an arc
// may begin in the lead and end in `bytes`. The other bytes of `lead` are 0.
// Returns the number of arcs.
//
// Requires kArcsSlack readable bytes after `bytes`, if `bytes` is not empty,
// and room in `arcs` for one arc a byte and kArcsSlack more.
constexpr size_t kArcsSlack = 16;
size_t UnpackWholeArcs(uint64_t lead, size_t lead_size, absl::string_view bytes,
                       uint32_t* arcs);

// The Oid whose encoding is `bytes`.
Oid UnpackKey(absl::string_view bytes);

// An encoded Oid, with the memory for its bytes.
//
// Used by one thread at a time.
class EncodedOid {
 public:
  EncodedOid() = default;
  explicit EncodedOid(const Oid& oid) { Assign(oid); }

  // Reuses the memory. An Oid of up to Oid::kMaxArcs arcs needs no heap.
  void Assign(const Oid& oid);

  // Valid until the next Assign().
  absl::string_view bytes() const { return {data_, size_}; }

 private:
  static constexpr size_t kInline = Oid::kMaxArcs * kMaxPackedArcSize;

  char inline_[kInline];
  std::unique_ptr<char[]> heap_;
  size_t capacity_ = kInline;
  char* data_ = inline_;
  size_t size_ = 0;
};

// The shortest bytes that are greater than `before` and not greater than
// `after`. The result is a prefix of `after`. Requires before < after.
absl::string_view ShortestSeparator(absl::string_view before,
                                    absl::string_view after);

// Like memcmp(), without a function call: for a few bytes.
inline int CompareBytes(const char* a, const char* b, size_t size) {
  for (size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) {
      return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[i])
                 ? -1
                 : 1;
    }
  }
  return 0;
}

// The size of the common prefix of `a` and `b` in bytes.
inline size_t CommonPrefixSize(absl::string_view a, absl::string_view b) {
  const size_t bound = a.size() < b.size() ? a.size() : b.size();
  size_t size = 0;
  while (size < bound && a[size] == b[size]) ++size;
  return size;
}

// True if `bytes` is the encoding of one arc.
inline bool IsOneArc(absl::string_view bytes) {
  return !bytes.empty() &&
         PackedArcSize(static_cast<unsigned char>(bytes[0])) == bytes.size();
}

// The offset of the last arc of `key`. Requires a key that is not empty.
inline size_t LastArcBegin(absl::string_view key) {
  size_t begin = 0;
  for (size_t at = 0; at < key.size();) {
    begin = at;
    at += PackedArcSize(static_cast<unsigned char>(key[at]));
  }
  return begin;
}

// The arc at offset `begin`. Requires that an arc begins there.
inline uint32_t ArcAt(absl::string_view key, size_t begin) {
  uint32_t arc;
  UnpackArc(&key[begin], &arc);
  return arc;
}

// The size in bytes of the whole arcs in the first `bound` bytes of `key`.
inline size_t WholeArcsSize(absl::string_view key, size_t bound) {
  size_t size = 0;
  while (size < bound) {
    const size_t next =
        size + PackedArcSize(static_cast<unsigned char>(key[size]));
    if (next > bound) break;
    size = next;
  }
  return size;
}

// The size in bytes of the whole arcs that `a` and `b` both begin with.
inline size_t SharedArcsSize(absl::string_view a, absl::string_view b) {
  return WholeArcsSize(a, CommonPrefixSize(a, b));
}

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_OID_ENCODING_H_
