// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SNMPD_TRAP_SINK_H_
#define TOOLS_E2E_SNMPD_TRAP_SINK_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tools/e2e/snmpd/raw_request.h"

namespace passpersist_testing {

// Receives the notifications of a private snmpd, in place of snmptrapd:
//
//   StartSnmpd({sink->Line(), ...});
//   ... sink->Receive() ...
//
// Used by one thread at a time.
class TrapSink {
 public:
  // Opens a free port of the loopback interface.
  static absl::StatusOr<std::unique_ptr<TrapSink>> Open();
  ~TrapSink();

  TrapSink(const TrapSink&) = delete;
  TrapSink& operator=(const TrapSink&) = delete;

  // Returns the line of snmpd.conf that sends SNMPv2 notifications here.
  std::string Line() const;

  // Waits for the next notification. Its bindings begin with sysUpTime.0 and
  // snmpTrapOID.0 (RFC 3416 section 4.2.6). Returns DeadlineExceeded after
  // kTimeout.
  absl::StatusOr<RawResponse> Receive();

 private:
  TrapSink(int descriptor, int port) : descriptor_(descriptor), port_(port) {}

  const int descriptor_;
  const int port_;
};

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_TRAP_SINK_H_
