// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BLOCK_NORMALIZED_CHANGES_H_
#define STORE_BLOCK_NORMALIZED_CHANGES_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/contents.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/stored_value.h"

namespace passpersist::store_internal {

// What is to become of one name.
//
// A value type that borrows all that it has.
struct NormalizedChange {
  absl::string_view key;
  const StoredValue* slot;  // null: erase
  absl::string_view label;
  bool keeps_label;  // of an entry that is there, unless `label` has one

  // True if an entry that is there keeps all but its value, and this one needs
  // no box.
  bool ReplacesValueOnly() const;
};

// One edit for each name of `changes`, in order. The keys are in `bytes`, the
// rest stays in `changes`. InvalidArgument, naming the OID, for a value that
// no store keeps.
absl::StatusOr<std::vector<NormalizedChange>> NormalizeChanges(
    const Changes& changes, internal::ByteArena* bytes);

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_NORMALIZED_CHANGES_H_
