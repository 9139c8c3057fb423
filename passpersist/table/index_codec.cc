// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/index_codec.h"

#include "absl/strings/str_cat.h"

namespace passpersist::index_internal {

absl::Status CheckArcs(const Oid& index, size_t arcs_before) {
  if (index.empty()) {
    return absl::InvalidArgumentError("an index has at least one arc");
  }
  const size_t arcs = arcs_before + index.size();
  if (arcs <= Oid::kMaxArcs) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("with the index ", index.ToString(), " a name has ", arcs,
                   " arcs, more than ", Oid::kMaxArcs));
}

}  // namespace passpersist::index_internal
