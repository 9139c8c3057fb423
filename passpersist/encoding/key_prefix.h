// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_KEY_PREFIX_H_
#define PASSPERSIST_ENCODING_KEY_PREFIX_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::internal {

// The first eight bytes of a name's EncodedOid, most significant byte first,
// and 0 behind a shorter one. Of two names the one with the smaller head is
// before the other; equal heads leave it open. Mostly they differ, so that a
// comparison needs no memory but the heads.

inline uint64_t HeadOf(absl::string_view key) {
  if (key.size() >= sizeof(uint64_t)) return LoadWord(key.data());
  uint64_t head = 0;
  int shift = 64;
  for (const char byte : key) {
    head |= uint64_t{static_cast<unsigned char>(byte)} << (shift -= 8);
  }
  return head;
}

inline uint64_t HeadOf(absl::Span<const uint32_t> arcs) {
  uint64_t head = 0;
  size_t size = 0;
  for (const uint32_t arc : arcs) {
    const PackedArc packed = PackArc(arc);
    head |= packed.word >> 8 * size;
    size += packed.size;
    if (size >= sizeof head) break;
  }
  return head;
}

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_KEY_PREFIX_H_
