// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/errors/instance_error_filter.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"

namespace passpersist::internal {

std::vector<absl::Status> InstanceErrorFilter::NewErrors(
    const InstanceErrors& errors) {
  std::vector<InstanceError> first = errors.first();
  const size_t more = errors.count() - first.size();
  // Which errors are the first ones may change at each update, so these would
  // be reported again and again.
  if (more > 0 && std::exchange(too_many_, true)) return {};
  too_many_ = more > 0;
  std::vector<absl::Status> new_errors;
  absl::flat_hash_set<std::string> subjects;
  for (InstanceError& error : first) {
    if (!reported_.contains(error.subject)) {
      new_errors.push_back(std::move(error.status));
    }
    subjects.insert(std::move(error.subject));
  }
  if (more > 0) {
    new_errors.push_back(absl::ResourceExhaustedError(
        absl::StrCat("update of ", root_.ToString(), ": ", more,
                     " more instances have errors")));
  }
  reported_ = std::move(subjects);
  return new_errors;
}

}  // namespace passpersist::internal
