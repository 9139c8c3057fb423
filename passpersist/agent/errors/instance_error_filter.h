// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_ERRORS_INSTANCE_ERROR_FILTER_H_
#define PASSPERSIST_AGENT_ERRORS_INSTANCE_ERROR_FILTER_H_

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "passpersist/encoding/instance_errors.h"
#include "passpersist/oid.h"

namespace passpersist::internal {

// Finds the errors of each update that are new, so that an instance with an
// error is reported once and not at each update.
//
// Remembers the subjects of the last update, so an instance that was good in
// between is reported again. If more than InstanceErrors::kMaxErrors errors are
// new, the number of the others is reported. If an update has more than
// InstanceErrors::kMaxSubjects errors, nothing is reported afterwards until an
// update has fewer errors.
//
// Used by one thread at a time.
class InstanceErrorFilter {
 public:
  // `root`: of the subtree.
  explicit InstanceErrorFilter(Oid root) : root_(std::move(root)) {}

  // The subjects that are known to the next update.
  const InstanceErrors::SubjectHashes& known() const { return known_; }

  // Returns the errors of an update that succeeded which are to be reported.
  // `errors` got known() before the update.
  std::vector<absl::Status> NewErrors(const InstanceErrors& errors);

 private:
  const Oid root_;
  InstanceErrors::SubjectHashes known_;
  bool too_many_ = false;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_ERRORS_INSTANCE_ERROR_FILTER_H_
