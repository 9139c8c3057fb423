// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_OVERLAY_H_
#define PASSPERSIST_UPDATE_OVERLAY_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/changes.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/packed_value.h"

namespace passpersist::internal {

// Changes, packed, that a MergingReader applies to the entries that it reads.
//
// Immutable, so safe for concurrent use.
class Overlay {
 public:
  // See Changes::NetChange.
  struct Change {
    std::string key;  // the bytes of an EncodedOid
    bool is_erase;
    size_t cell;  // of a put: the position of its value
    std::optional<absl::string_view> label;
  };

  Overlay() = default;

  // Borrows the labels of `changes`, whose values can all be packed.
  explicit Overlay(const Changes& changes);

  // One for each key, in the order of the keys.
  const std::vector<Change>& changes() const { return changes_; }

  // The value of a put.
  PackedValue ValueOf(const Change& put) const { return values_.Get(put.cell); }

 private:
  std::vector<Change> changes_;
  ColumnValues values_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_OVERLAY_H_
