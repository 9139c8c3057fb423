// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ERROR_REPORT_H_
#define PASSPERSIST_ERROR_REPORT_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/clock.h"

namespace passpersist {

// Receives the errors of a running agent: an update that failed, a value that
// can't be sent, a computed value that could not be obtained. Called by any
// thread, by one at a time. The callback must not block for long and must not
// call the agent.
using ErrorCallback = absl::AnyInvocable<void(const absl::Status& error)>;

// The default callback: writes a line to syslog (facility daemon, priority
// warning, under the program's name). Skips a line that it wrote less than an
// hour ago, so that a failing update doesn't fill the log.
ErrorCallback SyslogErrors(std::shared_ptr<const Clock> clock);

// Passes the errors of all threads to one callback, one at a time.
//
// Safe for concurrent use.
class ErrorReporter {
 public:
  explicit ErrorReporter(ErrorCallback callback);

  // Does nothing if `error` is OK.
  void Report(const absl::Status& error);

 private:
  absl::Mutex mutex_;
  ErrorCallback callback_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist

#endif  // PASSPERSIST_ERROR_REPORT_H_
