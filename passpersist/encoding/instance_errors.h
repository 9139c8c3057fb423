// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_INSTANCE_ERRORS_H_
#define PASSPERSIST_ENCODING_INSTANCE_ERRORS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace passpersist::internal {

// An error that an update goes on after.
struct InstanceError {
  // What has the error, and is the same as long as it has an error: an OID or a
  // text.
  std::string subject;
  absl::Status status;  // names the subject
};

// The errors in Contents that cost single instances: the first kMaxErrors, and
// the number of all.
//
// Safe for concurrent use, since readers of Contents may find errors.
class InstanceErrors {
 public:
  static constexpr size_t kMaxErrors = 16;

  // Counts an error, and calls `make` if the error is one of the first. Does
  // nothing if the error has the subject of one of the first.
  void Add(absl::FunctionRef<InstanceError()> make);

  // Counts errors that are not described.
  void AddMore(size_t count);

  std::vector<InstanceError> first() const;
  size_t count() const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<InstanceError> first_ ABSL_GUARDED_BY(mutex_);
  size_t count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_INSTANCE_ERRORS_H_
