// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_INET_ADDRESS_H_
#define PASSPERSIST_TABLE_INET_ADDRESS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace passpersist {

// The kinds of addresses of RFC 4001.
enum class InetAddressType : int32_t {
  kUnknown = 0,
  kIpv4 = 1,   // 4 octets
  kIpv6 = 2,   // 16 octets
  kIpv4z = 3,  // 4 octets and 4 octets of zone index
  kIpv6z = 4,  // 16 octets and 4 octets of zone index
  kDns = 16,   // 1 to 255 octets: a name
};

// A pair of an InetAddressType object and an InetAddress object (RFC 4001). All
// numbers are in network byte order. A DNS name is
// `InetAddress{InetAddressType::kDns, "host.example"}`.
//
// A value type.
struct InetAddress {
  InetAddressType type = InetAddressType::kUnknown;
  std::string bytes;

  // Parses "10.1.2.3" or "2001:db8::1", each with an optional zone index, such
  // as "fe80::1%3": the type is kIpv4, kIpv6, kIpv4z or kIpv6z. Returns
  // InvalidArgument for any other text, as for the name of a zone.
  static absl::StatusOr<InetAddress> Parse(absl::string_view text);

  // Takes 4 bytes as in struct in_addr, or 16 as in struct in6_addr: the type
  // is kIpv4 or kIpv6. Returns InvalidArgument for another number of bytes.
  static absl::StatusOr<InetAddress> FromBytes(absl::string_view bytes);

  // True if RFC 4001 allows `size` octets for `type`. kUnknown may have 0 to
  // 255. A number that is not an enumerator has no size.
  static bool IsSizeOf(InetAddressType type, size_t size);

  friend bool operator==(const InetAddress& a, const InetAddress& b) {
    return a.type == b.type && a.bytes == b.bytes;
  }
  friend bool operator!=(const InetAddress& a, const InetAddress& b) {
    return !(a == b);
  }
};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_INET_ADDRESS_H_
