// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_PACKED_ENTRY_H_
#define PASSPERSIST_ENCODING_PACKED_ENTRY_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/packed_value.h"

namespace passpersist::internal {

// An entry of Contents: its key (the bytes of an EncodedOid), its value and its
// label.
//
// A value type that borrows everything.
struct PackedEntry {
  absl::string_view key;

  // The size in bytes of the whole arcs that this key has in common with the
  // key before it. 0 for the first entry, and for the first entry after a
  // column that a ContentsSink accepted as a whole.
  size_t shared = 0;

  PackedValue value;  // holds no reference to its SharedValue
  absl::string_view label;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_PACKED_ENTRY_H_
