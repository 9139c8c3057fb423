// SPDX-License-Identifier: Apache-2.0

#include "passpersist/error_report.h"

#include <syslog.h>

#include <string>
#include <utility>

#include "passpersist/agent/log_deduplicator.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist {

ErrorCallback SyslogErrors(std::shared_ptr<const Clock> clock) {
  return [clock = std::move(clock), deduplicator = internal::LogDeduplicator()](
             const absl::Status& error) mutable {
    const std::string line = error.ToString();
    if (deduplicator.ShouldLog(line, clock->Now())) {
      syslog(LOG_DAEMON | LOG_WARNING, "%s", line.c_str());
    }
  };
}

ErrorReporter::ErrorReporter(ErrorCallback callback)
    : callback_(std::move(callback)) {}

void ErrorReporter::Report(const absl::Status& error) {
  if (error.ok()) return;
  internal::MutexLock lock(mutex_);
  callback_(error);
}

}  // namespace passpersist
