#include "passpersist/internal/packed_key.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

namespace passpersist::internal {
namespace {

// The least arc of each form; see the table in the header.
constexpr uint32_t kTwoBytes = 0xf8;
constexpr uint32_t kThreeBytes = kTwoBytes + (0xfc - 0xf8) * 0x100;
constexpr uint32_t kFourBytes = kThreeBytes + 0x10000;
constexpr uint32_t kFiveBytes = kFourBytes + 0x1000000;

// Eight small arcs at once; without a loop, which costs more than they do.
template <size_t... kIndexes>
void UnpackSmallArcs(const char* bytes, uint32_t* arcs,
                     std::index_sequence<kIndexes...> /*indexes*/) {
  ((arcs[kIndexes] = static_cast<unsigned char>(bytes[kIndexes])), ...);
}
void UnpackSmallArcs(const char* bytes, uint32_t* arcs) {
  UnpackSmallArcs(bytes, arcs, std::make_index_sequence<sizeof(uint64_t)>());
}

// The opposite; false, if not all are small.
template <size_t... kIndexes>
bool PackSmallArcs(const uint32_t* arcs, char* out,
                   std::index_sequence<kIndexes...> /*indexes*/) {
  ((out[kIndexes] = static_cast<char>(arcs[kIndexes])), ...);
  return ((arcs[kIndexes] < kTwoBytes) & ...);
}

// True if each of the eight bytes is an arc of its own: none is 0xf8 or more,
// which is to say that none has its five upper bits set.
bool AreSmallArcs(const char* bytes) {
  uint64_t all;
  std::memcpy(&all, bytes, sizeof all);
  const uint64_t upper =
      all & (all << 1) & (all << 2) & (all << 3) & (all << 4);
  return (upper & 0x8080808080808080) == 0;
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
  for (size_t i = 0; i < packed.size; ++i) {
    *out++ = static_cast<char>(packed.word >> (56 - 8 * i));
  }
  return out;
}

char* PackArcs(absl::Span<const uint32_t> arcs, char* out) {
  constexpr size_t kStep = 8;
  constexpr auto kIndexes = std::make_index_sequence<kStep>();
  const uint32_t* arc = arcs.data();
  const uint32_t* const end = arc + arcs.size();
  while (arc < end) {
    const auto left = static_cast<size_t>(end - arc);
    if (left >= kStep && PackSmallArcs(arc, out, kIndexes)) {
      arc += kStep;
      out += kStep;
      continue;
    }
    for (size_t i = std::min(left, kStep); i > 0; --i) {
      out = PackArc(*arc++, out);
    }
  }
  return out;
}

size_t UnpackLargeArc(const char* bytes, uint32_t* arc) {
  const auto byte = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  const uint32_t lead = byte(0);
  const size_t size = PackedArcSize(static_cast<unsigned char>(lead));
  uint32_t number = 0;
  for (size_t i = 1; i < size; ++i) number = number << 8 | byte(i);
  switch (size) {
    case 2:
      number += kTwoBytes + (lead - 0xf8) * 0x100;
      break;
    case 3:
      number += kThreeBytes;
      break;
    case 4:
      number += kFourBytes;
      break;
    default:
      number += kFiveBytes;
  }
  *arc = number;
  return size;
}

size_t UnpackArcs(absl::string_view bytes, uint32_t* arcs, size_t* used) {
  const auto byte = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  uint32_t* const first = arcs;
  size_t at = 0;
  while (at < bytes.size()) {
    if (at + sizeof(uint64_t) <= bytes.size() && AreSmallArcs(&bytes[at])) {
      UnpackSmallArcs(&bytes[at], arcs);
      arcs += sizeof(uint64_t);
      at += sizeof(uint64_t);
      continue;
    }
    const uint32_t lead = byte(at);
    if (lead < kTwoBytes) {
      *arcs++ = lead;
      ++at;
      continue;
    }
    const size_t size = PackedArcSize(static_cast<unsigned char>(lead));
    if (at + size > bytes.size()) break;
    at += UnpackLargeArc(&bytes[at], arcs++);
  }
  *used = at;
  return static_cast<size_t>(arcs - first);
}

Oid UnpackKey(absl::string_view bytes) {
  std::vector<uint32_t> arcs(bytes.size());
  size_t used = 0;
  arcs.resize(UnpackArcs(bytes, arcs.data(), &used));
  return Oid(arcs);
}

size_t UnpackWholeArcs(absl::string_view bytes, uint32_t* arcs) {
  constexpr size_t kStep = kArcsSlack + 1;
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  uint32_t* to = arcs;
  while (from < end) {
    if (AreSmallArcs(from)) {
      UnpackSmallArcs(from, to);
      from += kStep;
      to += kStep;
    } else {
      const char* const step_end = from + kStep < end ? from + kStep : end;
      while (from < step_end) from += UnpackArc(from, to++);
    }
  }
  return static_cast<size_t>(to - arcs) - static_cast<size_t>(from - end);
}

void PackedKey::Assign(const Oid& oid) {
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
  return after.substr(0, CommonPrefixSize(before, after) + 1);
}

}  // namespace passpersist::internal
