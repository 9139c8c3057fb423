// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_OVERLAY_H_
#define PASSPERSIST_UPDATE_OVERLAY_H_

#include <cstddef>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/packed_value.h"

namespace passpersist::internal {

// Changes that a MergingReader applies to the entries that it reads. The last
// change of a key counts. Keys are the bytes of an EncodedOid.
//
// Used by one thread at a time; safe for concurrent reading.
class Overlay {
 public:
  struct Change {
    bool is_erase = true;
    size_t cell = 0;  // of a put: the position of its value
    std::string label;
    bool keeps_label = true;  // an empty `label` keeps the entry's label
  };
  using Map = std::map<std::string, Change, std::less<>>;

  // An empty label keeps the label that the entry has. Takes a reference to the
  // SharedValue of the value.
  void Put(absl::string_view key, const PackedValue& value,
           absl::string_view label);
  void Erase(absl::string_view key);

  bool empty() const { return map_.empty(); }
  size_t MemoryUsage() const;
  const Map& map() const { return map_; }

  // The value of a put.
  PackedValue ValueOf(const Change& put) const { return values_.Get(put.cell); }

 private:
  Map map_;
  ColumnValues values_;  // includes values of puts that no longer count
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_OVERLAY_H_
