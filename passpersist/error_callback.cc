// SPDX-License-Identifier: Apache-2.0

#include "passpersist/error_callback.h"

#include <syslog.h>

#include <string>
#include <utility>

#include "passpersist/agent/errors/log_deduplicator.h"
#include "passpersist/scheduling/clock.h"

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

}  // namespace passpersist
