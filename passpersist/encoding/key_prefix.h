// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_KEY_PREFIX_H_
#define PASSPERSIST_ENCODING_KEY_PREFIX_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::internal {

// KeyPrefix() is the first eight bytes of a key (an EncodedOid) as a number,
// most significant byte first. A shorter key is padded with zeros.
//
// Of two keys with different prefixes, the key with the smaller prefix is less.
// Equal prefixes do not decide. Most prefixes differ, so that a comparison
// reads no memory except the prefixes.

inline uint64_t KeyPrefix(absl::string_view key) {
  if (key.size() >= sizeof(uint64_t)) return LoadWord(key.data());
  uint64_t prefix = 0;
  int shift = 64;
  for (const char byte : key) {
    prefix |= uint64_t{static_cast<unsigned char>(byte)} << (shift -= 8);
  }
  return prefix;
}

inline uint64_t KeyPrefix(absl::Span<const uint32_t> arcs) {
  uint64_t prefix = 0;
  size_t size = 0;
  for (const uint32_t arc : arcs) {
    const PackedArc packed = PackArc(arc);
    prefix |= packed.word >> 8 * size;
    size += packed.size;
    if (size >= sizeof prefix) break;
  }
  return prefix;
}

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_KEY_PREFIX_H_
