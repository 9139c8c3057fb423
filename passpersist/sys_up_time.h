// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_SYS_UP_TIME_H_
#define PASSPERSIST_SYS_UP_TIME_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace passpersist {

// The sysUpTime (RFC 3418) of the program that serves the agent's objects, such
// as snmpd. A TimeStamp (RFC 2579) is the value of sysUpTime at an event: see
// Contents::TimeStampOf().
//
// Safe for concurrent use.
class SysUpTime {
 public:
  virtual ~SysUpTime() = default;

  // Returns the time at which sysUpTime was 0. Called before each update, so
  // the system's clock may be set meanwhile, and the program may restart. Must
  // not block.
  virtual absl::StatusOr<absl::Time> Zero() = 0;
};

}  // namespace passpersist

#endif  // PASSPERSIST_SYS_UP_TIME_H_
