// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_ERROR_LOG_H_
#define PASSPERSIST_TESTING_ERROR_LOG_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/error_report.h"

namespace passpersist_testing {

// Keeps the errors that an agent reports.
//
// Safe for concurrent use.
class ErrorLog {
 public:
  // For AgentBuilder::OnError(). The log must outlive the hook.
  passpersist::ErrorCallback Hook();

  // Status::ToString() of the errors that came since the last call.
  std::vector<std::string> Take();

  // Returns once there are errors that were not taken.
  void Await() const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> errors_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_ERROR_LOG_H_
