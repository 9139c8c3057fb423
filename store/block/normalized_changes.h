// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BLOCK_NORMALIZED_CHANGES_H_
#define STORE_BLOCK_NORMALIZED_CHANGES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/changes.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/stored_value.h"

namespace passpersist::store_internal {

// The net change of one entry.
//
// A value type that borrows all that it refers to.
struct NormalizedChange {
  absl::string_view key;
  const StoredValue* value;  // null: erase the entry
  absl::string_view label;
  bool keeps_label;  // an empty `label` keeps that of an existing entry

  // True if the change replaces only the value of an existing entry, and the
  // new value is stored in the page, not as a SharedValue.
  bool ReplacesValueOnly() const;
};

// One change for each key of `changes`, in order. The keys are stored in
// `bytes`; values and labels stay in `changes`.
std::vector<NormalizedChange> NormalizeChanges(const Changes& changes,
                                               internal::ByteArena* bytes);

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_NORMALIZED_CHANGES_H_
