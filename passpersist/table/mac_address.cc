// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/mac_address.h"

#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "passpersist/value.h"

namespace passpersist {

absl::StatusOr<MacAddress> MacAddress::Parse(absl::string_view text) {
  const absl::StatusOr<OctetString> octets = OctetString::FromHex(text);
  if (!octets.ok()) return octets.status();
  return FromBytes(octets->bytes);
}

absl::StatusOr<MacAddress> MacAddress::FromBytes(absl::string_view bytes) {
  MacAddress address;
  if (bytes.size() != address.octets.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("a MacAddress has 6 bytes, not the ", bytes.size(),
                     " of \"", absl::CHexEscape(bytes), "\""));
  }
  std::memcpy(address.octets.data(), bytes.data(), bytes.size());
  return address;
}

}  // namespace passpersist
