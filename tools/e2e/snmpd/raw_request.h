// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SNMPD_RAW_REQUEST_H_
#define TOOLS_E2E_SNMPD_RAW_REQUEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"

namespace passpersist_testing {

// Sends SNMPv2c requests (RFC 1901, RFC 3416 section 3) without Net-SNMP's
// tools: they send at most 128 names, cannot send all types, and need a process
// for each request.

struct RawBinding {
  passpersist::Oid name;
  uint8_t tag = 0x05;        // BER; the default is NULL
  std::string content = {};  // of the value
};

struct RawRequest {
  enum class Pdu : uint8_t {
    kGet = 0xa0,
    kGetNext = 0xa1,
    kSet = 0xa3,
    kGetBulk = 0xa5,
  };

  Pdu pdu;
  std::vector<RawBinding> bindings;
  uint16_t non_repeaters = 0;    // of a GETBULK
  uint16_t max_repetitions = 0;  // likewise
};

struct RawResponse {
  int error_status = 0;
  std::vector<RawBinding> bindings;
};

// The tags of the PDUs that snmpd sends.
inline constexpr uint8_t kRawResponse = 0xa2;
inline constexpr uint8_t kRawTrap = 0xa7;  // SNMPv2-Trap

// Parses a message with a PDU of this tag. A notification has no error status.
absl::StatusOr<RawResponse> ParseRaw(uint8_t pdu_tag,
                                     absl::string_view message);

// Sends a request to the snmpd at a port of the loopback interface, once, and
// waits for the response. May be called by several threads at a time.
absl::StatusOr<RawResponse> SendRaw(int port, const std::string& community,
                                    const RawRequest& request);

// The content of an OID.
std::string BerOid(const passpersist::Oid& oid);

// The content of a number: in the fewest bytes, with a leading zero if it would
// look negative otherwise.
std::string BerNumber(uint64_t number);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_RAW_REQUEST_H_
