// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_MAC_ADDRESS_H_
#define PASSPERSIST_TABLE_MAC_ADDRESS_H_

#include <array>
#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace passpersist {

// An 802 MAC address in the order of transmission (RFC 2579, MacAddress).
//
// A value type.
struct MacAddress {
  std::array<uint8_t, 6> octets = {0, 0, 0, 0, 0, 0};

  // Parses six pairs of hex digits, such as "00:1b:21:3c:4d:5e"; see
  // OctetString::FromHex() for the separators. Returns InvalidArgument for any
  // other text.
  static absl::StatusOr<MacAddress> Parse(absl::string_view text);

  // Takes six bytes, as in struct sockaddr. Returns InvalidArgument for another
  // number of bytes.
  static absl::StatusOr<MacAddress> FromBytes(absl::string_view bytes);

  friend bool operator==(const MacAddress& a, const MacAddress& b) {
    return a.octets == b.octets;
  }
  friend bool operator!=(const MacAddress& a, const MacAddress& b) {
    return !(a == b);
  }
};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_MAC_ADDRESS_H_
