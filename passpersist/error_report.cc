#include "passpersist/error_report.h"

#include <syslog.h>

#include <string>
#include <utility>

#include "passpersist/agent/repeat_filter.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist {

ErrorHook SyslogErrors(std::shared_ptr<const Clock> clock) {
  return [clock = std::move(clock), filter = internal::RepeatFilter()](
             const absl::Status& error) mutable {
    const std::string line = error.ToString();
    if (filter.LetsPass(line, clock->Now())) {
      syslog(LOG_DAEMON | LOG_WARNING, "%s", line.c_str());
    }
  };
}

ErrorReporter::ErrorReporter(ErrorHook hook) : hook_(std::move(hook)) {}

void ErrorReporter::Report(const absl::Status& error) {
  if (error.ok()) return;
  internal::MutexLock lock(mutex_);
  hook_(error);
}

}  // namespace passpersist
