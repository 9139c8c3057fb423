// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_BIT_STRINGS_H_
#define PASSPERSIST_TABLE_BIT_STRINGS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "passpersist/value.h"

namespace passpersist {

namespace bits_internal {

absl::Status SetBit(int64_t bit, OctetString* bits);
absl::Status SetPort(int64_t port, OctetString* ports);

}  // namespace bits_internal

// Makes a BITS value (RFC 2578 section 7.1.4) from a range of enumerators or
// integers, the numbers of the bits that are set. Bit 0 is the most significant
// bit of the first octet. The value has as many octets as the highest bit
// needs. Returns OutOfRange, naming the number, for a bit that is negative or
// beyond the 65,535 octets of a value.
template <typename Range>
absl::StatusOr<OctetString> MakeBits(const Range& bits) {
  OctetString value;
  for (const auto bit : bits) {
    absl::Status status =
        bits_internal::SetBit(static_cast<int64_t>(bit), &value);
    if (!status.ok()) return status;
  }
  return value;
}

// Makes a PortList (RFC 4363) of `octets` octets from a range of the ports that
// are in it. The most significant bit of the first octet is port 1. Returns
// OutOfRange, naming the number, for a port that is not in 1..8 * `octets`.
template <typename Range>
absl::StatusOr<OctetString> MakePortList(const Range& ports, size_t octets) {
  OctetString value;
  value.bytes.resize(octets);
  for (const auto port : ports) {
    absl::Status status =
        bits_internal::SetPort(static_cast<int64_t>(port), &value);
    if (!status.ok()) return status;
  }
  return value;
}

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_BIT_STRINGS_H_
