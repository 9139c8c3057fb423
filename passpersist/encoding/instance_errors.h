// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_INSTANCE_ERRORS_H_
#define PASSPERSIST_ENCODING_INSTANCE_ERRORS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
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

// The errors in Contents that cost single instances: the first kMaxErrors of
// subjects that are not known from the last update, and the number of all.
//
// Safe for concurrent use, since readers of Contents may find errors.
class InstanceErrors {
 public:
  static constexpr size_t kMaxErrors = 16;
  // An error costs time until there are so many subjects.
  static constexpr size_t kMaxSubjects = 256;

  using SubjectHashes = absl::flat_hash_set<size_t>;

  // Errors of these subjects are counted, but not kept. Called before Add().
  void SetKnown(SubjectHashes known);

  // Counts an error. Calls `make` while there are fewer than kMaxSubjects
  // subjects, and then does nothing if the error has one of these.
  void Add(absl::FunctionRef<InstanceError()> make);

  // Counts errors that are not described.
  void AddMore(size_t count);

  std::vector<InstanceError> first() const;
  size_t count() const;
  // The subjects of the first kMaxSubjects errors, also of those that are
  // known.
  SubjectHashes subjects() const;
  // How many of the subjects are known.
  size_t known_count() const;

 private:
  mutable absl::Mutex mutex_;
  std::vector<InstanceError> first_ ABSL_GUARDED_BY(mutex_);
  size_t count_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t known_count_ ABSL_GUARDED_BY(mutex_) = 0;
  SubjectHashes known_ ABSL_GUARDED_BY(mutex_);
  SubjectHashes subjects_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_INSTANCE_ERRORS_H_
