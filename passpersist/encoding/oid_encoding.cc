// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/oid_encoding.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace passpersist::internal {
namespace {

// The least arc of each form; see the table in the header.
constexpr uint32_t kTwoBytes = 0xf8;
constexpr uint32_t kThreeBytes = kTwoBytes + (0xfc - 0xf8) * 0x100;
constexpr uint32_t kFourBytes = kThreeBytes + 0x10000;
constexpr uint32_t kFiveBytes = kFourBytes + 0x1000000;

// The least arc for each first byte of a large arc, 0xf8 to 0xff.
constexpr std::array<uint32_t, 8> kLeastArcs = {
    kTwoBytes,   kTwoBytes + 0x100, kTwoBytes + 0x200, kTwoBytes + 0x300,
    kThreeBytes, kFourBytes,        kFiveBytes,        0};

// Unpack8SmallArcs() and Unpack16SmallArcs() write each of 8 or 16 bytes as an
// arc, as if all were small arcs. They return the number of leading bytes that
// are small arcs: so many of the written arcs are valid.
#ifdef __SSE2__
void Store8Arcs(__m128i numbers, uint32_t* arcs) {
  const __m128i zero = _mm_setzero_si128();
  auto* const out = reinterpret_cast<__m128i*>(arcs);
  _mm_storeu_si128(out, _mm_unpacklo_epi16(numbers, zero));
  _mm_storeu_si128(out + 1, _mm_unpackhi_epi16(numbers, zero));
}

size_t CountSmallArcs(__m128i bytes, size_t bound) {
  // SSE2 has no unsigned comparison: max(b, least) == b means b >= least.
  const __m128i least = _mm_set1_epi8(static_cast<char>(kTwoBytes));
  const auto large = static_cast<uint32_t>(
      _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(bytes, least), bytes)));
  // The extra bit at `bound` ends the search if no byte is large.
  return static_cast<size_t>(__builtin_ctz(large | 1u << bound));
}

size_t Unpack8SmallArcs(uint64_t word, uint32_t* arcs) {
  const __m128i bytes =
      _mm_cvtsi64_si128(static_cast<int64_t>(__builtin_bswap64(word)));
  Store8Arcs(_mm_unpacklo_epi8(bytes, _mm_setzero_si128()), arcs);
  return CountSmallArcs(bytes, 8);
}

size_t Unpack16SmallArcs(const char* in, uint32_t* arcs) {
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in));
  Store8Arcs(_mm_unpacklo_epi8(bytes, _mm_setzero_si128()), arcs);
  Store8Arcs(_mm_unpackhi_epi8(bytes, _mm_setzero_si128()), arcs + 8);
  return CountSmallArcs(bytes, 16);
}
#else
size_t Unpack8SmallArcs(uint64_t word, uint32_t* arcs) {
  for (size_t i = 0; i < sizeof word; ++i) {
    arcs[i] = static_cast<uint32_t>(word >> (56 - 8 * i) & 0xff);
  }
  // The first byte of a large arc has its five upper bits set.
  const uint64_t large =
      word & word << 1 & word << 2 & word << 3 & word << 4 & 0x8080808080808080;
  if (large == 0) return sizeof word;
  return static_cast<size_t>(__builtin_clzll(large)) / 8;
}

size_t Unpack16SmallArcs(const char* in, uint32_t* arcs) {
  const size_t small = Unpack8SmallArcs(LoadWord(in), arcs);
  const size_t more = Unpack8SmallArcs(LoadWord(in + 8), arcs + 8);
  return small < 8 ? small : 8 + more;
}
#endif

// The size of the large arc at the highest bytes of `word`.
size_t LargeArcSize(uint64_t word) {
  constexpr uint32_t kSizes = 0x65432222;  // four bits for each first byte
  return kSizes >> 4 * (word >> 56 & 7) & 7;
}

// Writes arcs as one byte each. False if an arc is not small; the written bytes
// are then invalid. `&` instead of `&&`: no branch for each arc.
template <size_t... kIndexes>
bool PackSmallArcs(const uint32_t* arcs, char* out,
                   std::index_sequence<kIndexes...> /*indexes*/) {
  ((out[kIndexes] = static_cast<char>(arcs[kIndexes])), ...);
  return ((arcs[kIndexes] < kTwoBytes) & ...);
}

// True if the arcs are small and have these bytes. No branch for each arc.
template <size_t... kIndexes>
bool AreSmallArcs(const uint32_t* arcs, const char* bytes,
                  std::index_sequence<kIndexes...> /*indexes*/) {
  // A bit is set for an arc that differs, or is not small although it is equal
  // to the byte.
  constexpr uint32_t kCarry = 0x100;
  return (((arcs[kIndexes] ^ static_cast<unsigned char>(bytes[kIndexes])) |
           ((arcs[kIndexes] + (kCarry - kTwoBytes)) & kCarry)) |
          ...) == 0;
}

}  // namespace

PackedArc PackLargeArc(uint32_t arc) {
  if (arc < kThreeBytes) {
    return {(0xf800 + uint64_t{arc - kTwoBytes}) << 48, 2};
  }
  if (arc < kFourBytes) {
    return {uint64_t{0xfc} << 56 | uint64_t{arc - kThreeBytes} << 40, 3};
  }
  if (arc < kFiveBytes) {
    return {uint64_t{0xfd} << 56 | uint64_t{arc - kFourBytes} << 32, 4};
  }
  return {uint64_t{0xfe} << 56 | uint64_t{arc - kFiveBytes} << 24, 5};
}

char* PackLargeArc(uint32_t arc, char* out) {
  const PackedArc packed = PackLargeArc(arc);
  // Always so many bytes: no loop.
  StoreWord(packed.word, out, std::make_index_sequence<kMaxPackedArcSize>());
  return out + packed.size;
}

char* PackArcs(absl::Span<const uint32_t> arcs, char* out) {
  constexpr ptrdiff_t kStep = 8;
  constexpr auto kIndexes = std::make_index_sequence<kStep>();
  const uint32_t* arc = arcs.data();
  const uint32_t* const end = arc + arcs.size();
  for (; end - arc >= kStep; arc += kStep) {
    // Eight arcs a step while all are small; else this step arc by arc.
    if (PackSmallArcs(arc, out, kIndexes)) {
      out += kStep;
    } else {
      for (ptrdiff_t i = 0; i < kStep; ++i) out = PackArc(arc[i], out);
    }
  }
  while (arc != end) out = PackArc(*arc++, out);
  return out;
}

bool ArePackedArcs(absl::Span<const uint32_t> arcs, absl::string_view bytes) {
  constexpr size_t kStep = 8;
  constexpr auto kIndexes = std::make_index_sequence<kStep>();
  const char* at = bytes.data();
  const char* const end = at + bytes.size();
  while (!arcs.empty()) {
    const auto left = static_cast<size_t>(end - at);
    // As PackArcs(): eight arcs a step while all are small.
    if (arcs.size() >= kStep && left >= kStep &&
        AreSmallArcs(arcs.data(), at, kIndexes)) {
      arcs.remove_prefix(kStep);
      at += kStep;
      continue;
    }
    uint32_t arc;
    if (left == 0) return false;
    at += UnpackArc(at, &arc);
    if (arc != arcs[0]) return false;
    arcs.remove_prefix(1);
  }
  return at == end;
}

uint32_t UnpackLargeArc(uint64_t word, size_t size) {
  return kLeastArcs[word >> 56 & 7] +
         static_cast<uint32_t>(word << 8 >> (72 - 8 * size));
}

size_t UnpackLargeArc(const char* bytes, uint32_t* arc) {
  const auto byte = [bytes](size_t i) {
    return uint32_t{static_cast<unsigned char>(bytes[i])};
  };
  const uint32_t least = kLeastArcs[byte(0) & 7];
  const size_t size = PackedArcSize(static_cast<unsigned char>(bytes[0]));
  // Most large arcs have two or three bytes.
  if (size == 2) {
    *arc = least + byte(1);
    return size;
  }
  uint32_t above = byte(1) << 8 | byte(2);
  for (size_t i = 3; i < size; ++i) above = above << 8 | byte(i);
  *arc = least + above;
  return size;
}

size_t UnpackArcs(absl::string_view bytes, uint32_t* arcs, size_t* used) {
  uint32_t* to = arcs;
  size_t at = 0;
  while (at < bytes.size()) {
    const size_t size = PackedArcSize(static_cast<unsigned char>(bytes[at]));
    if (at + size > bytes.size()) break;
    at += UnpackArc(&bytes[at], to++);
  }
  *used = at;
  return static_cast<size_t>(to - arcs);
}

Oid UnpackKey(absl::string_view bytes) {
  std::vector<uint32_t> arcs(bytes.size());
  size_t used = 0;
  arcs.resize(UnpackArcs(bytes, arcs.data(), &used));
  return Oid(arcs);
}

size_t UnpackWholeArcs(uint64_t lead, size_t lead_size, absl::string_view bytes,
                       uint32_t* arcs) {
  uint32_t* to = arcs;
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  // The lead: runs of small arcs, each followed by one large arc.
  for (;;) {
    const size_t small = Unpack8SmallArcs(lead, to);
    // The zeros after the lead count as small arcs; they are not part of it.
    if (small >= lead_size) {
      to += lead_size;
      break;
    }
    to += small;
    lead <<= 8 * small;
    lead_size -= small;
    const size_t large = LargeArcSize(lead);
    // The arc begins in the lead and ends in `bytes`.
    if (large > lead_size) {
      *to++ = UnpackLargeArc(lead | LoadWord(from) >> 8 * lead_size, large);
      from += large - lead_size;
      break;
    }
    *to++ = UnpackLargeArc(lead, large);
    lead <<= 8 * large;
    lead_size -= large;
  }
  // The bytes: the same, with sixteen bytes a step. The loads may read past the
  // end, within kArcsSlack.
  while (from < end) {
    const size_t small = Unpack16SmallArcs(from, to);
    const auto left = static_cast<size_t>(end - from);
    if (small >= left) return static_cast<size_t>(to - arcs) + left;
    from += small;
    to += small;
    if (small == 16) continue;
    const uint64_t word = LoadWord(from);
    const size_t large = LargeArcSize(word);
    *to++ = UnpackLargeArc(word, large);
    from += large;
  }
  return static_cast<size_t>(to - arcs);
}

void EncodedOid::Assign(const Oid& oid) {
  const size_t bound = oid.size() * kMaxPackedArcSize;
  if (bound > capacity_) {
    heap_ = std::make_unique<char[]>(bound);
    data_ = heap_.get();
    capacity_ = bound;
  }
  size_ = static_cast<size_t>(PackArcs(oid.arcs(), data_) - data_);
}

absl::string_view ShortestSeparator(absl::string_view before,
                                    absl::string_view after) {
  // Since before < after, `after` has a byte after the common prefix, and that
  // byte makes the result greater than `before`.
  return after.substr(0, CommonPrefixSize(before, after) + 1);
}

}  // namespace passpersist::internal
