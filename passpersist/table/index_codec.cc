// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/index_codec.h"

#include "absl/strings/str_cat.h"

namespace passpersist::index_internal {

absl::Status ArcsError(const Oid& index, size_t arcs_before) {
  if (index.empty()) {
    return absl::InvalidArgumentError("an index has at least one arc");
  }
  return absl::OutOfRangeError(absl::StrCat(
      "with the index ", index.ToString(), " a name has ",
      arcs_before + index.size(), " arcs, more than ", Oid::kMaxArcs));
}

}  // namespace passpersist::index_internal
