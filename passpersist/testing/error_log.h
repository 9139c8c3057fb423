// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_ERROR_LOG_H_
#define PASSPERSIST_TESTING_ERROR_LOG_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/error_callback.h"

namespace passpersist_testing {

// Records the errors that an agent reports.
//
// Safe for concurrent use.
class ErrorLog {
 public:
  // Returns a callback for AgentBuilder::OnError(). The log must outlive it.
  passpersist::ErrorCallback Hook();

  // Returns Status::ToString() of each error since the last call.
  std::vector<std::string> Take();

  // Waits until there is an error that Take() has not returned.
  void Await() const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<std::string> errors_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_ERROR_LOG_H_
