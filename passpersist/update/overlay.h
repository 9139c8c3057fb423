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

// Changes that are made to entries while these are read: for each name the last
// change counts. Names are the bytes of a EncodedOid.
//
// Used by one thread at a time; safe for concurrent reading.
class Overlay {
 public:
  struct Override {
    bool is_erase = true;
    size_t cell = 0;  // of the value of a put
    std::string label;
    bool keeps_label = true;  // of the entry, if `label` is empty
  };
  using Map = std::map<std::string, Override, std::less<>>;

  // An empty label keeps the one that the entry has. Takes a share of a box.
  void Put(absl::string_view key, const PackedValue& value,
           absl::string_view label);
  void Erase(absl::string_view key);

  bool empty() const { return map_.empty(); }
  size_t MemoryUsage() const;
  const Map& map() const { return map_; }

  // The value of a put.
  PackedValue ValueOf(const Override& put) const {
    return values_.Get(put.cell);
  }

 private:
  Map map_;
  ColumnValues values_;  // also those of puts that don't count any more
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_OVERLAY_H_
