// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SNMPD_RAW_SET_H_
#define TOOLS_E2E_SNMPD_RAW_SET_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace passpersist_testing {

// The BER tags of types that snmpset can't send (RFC 3416 section 3; for types
// that SNMPv2 has dropped, RFC 1442 section 7.1).
enum class RawType : uint8_t {
  kBitString = 0x03,
  kCounter32 = 0x41,
  kOpaque = 0x44,
  kNsap = 0x45,
  kCounter64 = 0x46,
  kUInteger32 = 0x47,
};

// Sets one object by SNMPv2c to a value with this BER content, and returns the
// error status of the answer: 0 is noError. `name` is absolute.
absl::StatusOr<int> RawSet(int port, const std::string& community,
                           const std::string& name, RawType type,
                           absl::string_view content);

// Like RawSet(), for a number.
absl::StatusOr<int> RawSet(int port, const std::string& community,
                           const std::string& name, RawType type,
                           uint64_t number);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_RAW_SET_H_
