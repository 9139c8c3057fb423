// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/errors/instance_error_filter.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"

namespace passpersist::internal {

std::vector<absl::Status> InstanceErrorFilter::NewErrors(
    const InstanceErrors& errors) {
  InstanceErrors::SubjectHashes subjects = errors.subjects();
  // Which subjects an update with too many errors has may change each time, so
  // these would be reported again and again.
  const bool too_many = errors.count() > subjects.size();
  if (std::exchange(too_many_, too_many) && too_many) return {};
  known_ = std::move(subjects);
  std::vector<absl::Status> new_errors;
  for (InstanceError& error : errors.first()) {
    new_errors.push_back(std::move(error.status));
  }
  const size_t more = errors.count() - errors.known_count() - new_errors.size();
  if (more > 0) {
    new_errors.push_back(absl::ResourceExhaustedError(
        absl::StrCat("update of ", root_.ToString(), ": ", more,
                     " more instances have errors")));
  }
  return new_errors;
}

}  // namespace passpersist::internal
