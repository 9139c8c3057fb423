// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_PROCESS_SYS_UP_TIME_H_
#define TRANSPORT_POSIX_PROCESS_SYS_UP_TIME_H_

#include <sys/types.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "passpersist/sys_up_time.h"

namespace passpersist {

struct ProcessSysUpTimeOptions {
  // The process whose start counts. 0: the nearest ancestor of this process
  // that is named snmpd, which need not be the parent, else the parent.
  pid_t pid = 0;

  // The directory of proc(5).
  std::string proc = "/proc";
};

// Takes the start of a process for the time at which sysUpTime was 0. For
// programs that snmpd starts: snmpd does not tell its sysUpTime over
// pass_persist. It differs from sysUpTime.0 by a few hundredths of a second,
// and by the time that the system was suspended. A SIGHUP to snmpd changes
// neither.
//
// Linux only.
//
// Safe for concurrent use.
class ProcessSysUpTime : public SysUpTime {
 public:
  // Looks for the process, so construct this at the start of the program: an
  // ancestor that ends, such as a shell, hides those above it.
  explicit ProcessSysUpTime(const ProcessSysUpTimeOptions& options = {});

  // Returns an error that names the file if the process cannot be read, as with
  // the option hidepid of proc(5) or with ProtectProc= of systemd.
  absl::StatusOr<absl::Time> Zero() override;

 private:
  const absl::StatusOr<absl::Duration> start_;  // since the boot
};

}  // namespace passpersist

#endif  // TRANSPORT_POSIX_PROCESS_SYS_UP_TIME_H_
