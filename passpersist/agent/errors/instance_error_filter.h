// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_ERRORS_INSTANCE_ERROR_FILTER_H_
#define PASSPERSIST_AGENT_ERRORS_INSTANCE_ERROR_FILTER_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "passpersist/encoding/instance_errors.h"
#include "passpersist/oid.h"

namespace passpersist::internal {

// Finds the errors of each update that are new, so that an instance with an
// error is reported once and not at each update.
//
// Remembers the subjects of the last update, so an instance that was good in
// between is reported again. If an update has more than
// InstanceErrors::kMaxErrors errors, the number of the others is reported, and
// then nothing until an update has fewer errors.
//
// Used by one thread at a time.
class InstanceErrorFilter {
 public:
  // `root`: of the subtree.
  explicit InstanceErrorFilter(Oid root) : root_(std::move(root)) {}

  // Returns the errors of an update that succeeded which are to be reported.
  std::vector<absl::Status> NewErrors(const InstanceErrors& errors);

 private:
  const Oid root_;
  absl::flat_hash_set<std::string> reported_;
  bool too_many_ = false;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_ERRORS_INSTANCE_ERROR_FILTER_H_
