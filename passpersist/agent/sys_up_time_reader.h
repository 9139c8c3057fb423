// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_SYS_UP_TIME_READER_H_
#define PASSPERSIST_AGENT_SYS_UP_TIME_READER_H_

#include <atomic>
#include <memory>

#include "absl/time/time.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/scheduling/clock.h"
#include "passpersist/sys_up_time.h"

namespace passpersist::internal {

// Reads a SysUpTime. Without one, or after an error, sysUpTime was 0 when this
// was constructed. The first error is reported.
//
// Safe for concurrent use.
class SysUpTimeReader {
 public:
  // `source` may be null. The other arguments must outlive this.
  SysUpTimeReader(std::shared_ptr<SysUpTime> source, const Clock* clock,
                  ErrorReporter* errors);

  // Returns the time at which sysUpTime was 0.
  absl::Time Zero();

 private:
  const std::shared_ptr<SysUpTime> source_;
  const Clock& clock_;
  ErrorReporter& errors_;
  const absl::Duration start_;
  std::atomic<bool> error_reported_ = false;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_SYS_UP_TIME_READER_H_
