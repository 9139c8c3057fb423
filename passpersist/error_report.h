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

// Told of everything that goes wrong while an agent runs: an update that
// failed, a value that can't be sent, a lazy value that was not to be had.
// Called by any thread, by one at a time; must not wait long and must not call
// the agent.
using ErrorCallback = absl::AnyInvocable<void(const absl::Status& error)>;

// The default: writes a line to syslog (facility daemon, priority warning,
// under the program's name). A line that was written less than an hour ago is
// left out, so that a failing update doesn't fill the log.
ErrorCallback SyslogErrors(std::shared_ptr<const Clock> clock);

// Hands errors of all threads to one hook.
//
// Safe for concurrent use.
class ErrorReporter {
 public:
  explicit ErrorReporter(ErrorCallback hook);

  // Does nothing if `error` is OK.
  void Report(const absl::Status& error);

 private:
  absl::Mutex mutex_;
  ErrorCallback hook_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist

#endif  // PASSPERSIST_ERROR_REPORT_H_
