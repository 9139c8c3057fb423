// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_ERRORS_RECENT_ERRORS_H_
#define PASSPERSIST_AGENT_ERRORS_RECENT_ERRORS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/monitoring/statistics.h"

namespace passpersist::internal {

// The latest distinct errors, at most kMaxErrors of them, each with the number
// of times that it occurred since it was recorded.
//
// Safe for concurrent use.
class RecentErrors {
 public:
  static constexpr size_t kMaxErrors = 32;

  void Add(const absl::Status& status, absl::Time time);

  // The calls of Add().
  uint64_t count() const;

  // In the order of their last occurrence, the latest last.
  std::vector<Statistics::Error> errors() const;

 private:
  mutable absl::Mutex mutex_;
  uint64_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Statistics::Error> errors_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_ERRORS_RECENT_ERRORS_H_
