// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/bit_strings.h"

#include "absl/strings/str_cat.h"

namespace passpersist::bits_internal {
namespace {

constexpr int64_t kMaxOctets = 65535;

absl::Status NotInRange(absl::string_view what, int64_t number, int64_t least,
                        int64_t greatest) {
  return absl::OutOfRangeError(
      absl::StrCat(what, " ", number, " is not in ", least, "..", greatest));
}

// Requires that the octet of `bit` is there.
void Set(int64_t bit, OctetString* bits) {
  bits->bytes[static_cast<size_t>(bit / 8)] |=
      static_cast<char>(0x80 >> (bit % 8));
}

}  // namespace

absl::Status SetBit(int64_t bit, OctetString* bits) {
  if (bit < 0 || bit >= 8 * kMaxOctets) {
    return NotInRange("bit", bit, 0, 8 * kMaxOctets - 1);
  }
  const auto octets = static_cast<size_t>(bit / 8 + 1);
  if (bits->bytes.size() < octets) bits->bytes.resize(octets);
  Set(bit, bits);
  return absl::OkStatus();
}

absl::Status SetPort(int64_t port, OctetString* ports) {
  const auto greatest = static_cast<int64_t>(8 * ports->bytes.size());
  if (port < 1 || port > greatest) {
    return NotInRange("port", port, 1, greatest);
  }
  Set(port - 1, ports);
  return absl::OkStatus();
}

}  // namespace passpersist::bits_internal
