#include "passpersist/internal/packed_key.h"

#include <cstring>

namespace passpersist::internal {
namespace {

// The least arc of each form; see the table in the header.
constexpr uint32_t kTwoBytes = 0xf8;
constexpr uint32_t kThreeBytes = kTwoBytes + (0xfc - 0xf8) * 0x100;
constexpr uint32_t kFourBytes = kThreeBytes + 0x10000;
constexpr uint32_t kFiveBytes = kFourBytes + 0x1000000;

char* WriteBigEndian(uint32_t number, int bytes, char* out) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
    *out++ = static_cast<char>(number >> shift);
  }
  return out;
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

char* PackLargeArc(uint32_t arc, char* out) {
  if (arc < kThreeBytes) {
    return WriteBigEndian(0xf800 + (arc - kTwoBytes), 2, out);
  }
  if (arc < kFourBytes) {
    *out++ = static_cast<char>(0xfc);
    return WriteBigEndian(arc - kThreeBytes, 2, out);
  }
  if (arc < kFiveBytes) {
    *out++ = static_cast<char>(0xfd);
    return WriteBigEndian(arc - kFourBytes, 3, out);
  }
  *out++ = static_cast<char>(0xfe);
  return WriteBigEndian(arc - kFiveBytes, 4, out);
}

size_t UnpackArcs(absl::string_view bytes, uint32_t* arcs, size_t* used) {
  const auto byte = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(bytes[i]));
  };
  uint32_t* const first = arcs;
  size_t at = 0;
  while (at < bytes.size()) {
    if (at + sizeof(uint64_t) <= bytes.size() && AreSmallArcs(&bytes[at])) {
      for (size_t i = 0; i < sizeof(uint64_t); ++i) arcs[i] = byte(at + i);
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
    uint32_t number = 0;
    for (size_t i = 1; i < size; ++i) number = number << 8 | byte(at + i);
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
    *arcs++ = number;
    at += size;
  }
  *used = at;
  return static_cast<size_t>(arcs - first);
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
