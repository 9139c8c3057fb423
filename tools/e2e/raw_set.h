#ifndef TOOLS_E2E_RAW_SET_H_
#define TOOLS_E2E_RAW_SET_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace passpersist_testing {

// Types that snmpset can't send, by their BER tags (RFC 3416 section 3).
enum class RawType : uint8_t { kCounter32 = 0x41, kCounter64 = 0x46 };

// Sets one object to a number by SNMPv2c, and returns the error status of the
// answer: 0 is noError. `name` is absolute.
absl::StatusOr<int> RawSet(int port, const std::string& community,
                           const std::string& name, RawType type,
                           uint64_t number);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_RAW_SET_H_
