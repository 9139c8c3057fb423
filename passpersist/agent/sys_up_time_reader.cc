// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/sys_up_time_reader.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "passpersist/base/invoke_user_callback.h"

namespace passpersist::internal {

SysUpTimeReader::SysUpTimeReader(std::shared_ptr<SysUpTime> source,
                                 const Clock* clock, ErrorReporter* errors)
    : source_(std::move(source)),
      clock_(*clock),
      errors_(*errors),
      start_(clock->Now()) {}

absl::Time SysUpTimeReader::Zero() {
  if (source_ != nullptr) {
    const absl::StatusOr<absl::Time> zero =
        InvokeUserCallback([&] { return source_->Zero(); });
    if (zero.ok()) return *zero;
    if (!error_reported_.exchange(true)) {
      errors_.Report(absl::Status(
          zero.status().code(),
          absl::StrCat("sysUpTime is unknown, so time stamps count from the "
                       "agent's start: ",
                       zero.status().message())));
    }
  }
  // From the monotonic clock, so that it is right after the system's clock was
  // set, often soon after the boot.
  return absl::Now() - (clock_.Now() - start_);
}

}  // namespace passpersist::internal
