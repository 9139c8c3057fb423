// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_ERRORS_ERROR_REPORTER_H_
#define PASSPERSIST_AGENT_ERRORS_ERROR_REPORTER_H_

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/error_callback.h"

namespace passpersist::internal {

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

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_ERRORS_ERROR_REPORTER_H_
