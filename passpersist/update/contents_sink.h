// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_CONTENTS_SINK_H_
#define PASSPERSIST_UPDATE_CONTENTS_SINK_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/row_index.h"

namespace passpersist::internal {

// An entry of Contents: its name as the bytes of a EncodedOid, its value, its
// label.
//
// A value type that borrows everything.
struct PackedEntry {
  absl::string_view key;

  // The bytes of the whole arcs that this key and the one before begin with; 0
  // for the first entry, and for the first behind a column that was taken
  // whole.
  size_t shared = 0;

  PackedValue value;  // a box has an owner elsewhere
  absl::string_view label;
};

// A column of a table: the names are the prefix followed by the index of a row.
// No cell has a label.
//
// A value type that borrows all but the rows.
struct PackedColumn {
  absl::string_view prefix;  // as the bytes of a EncodedOid
  std::shared_ptr<const RowIndex> rows;

  // The cells that are there, by row.
  const ColumnValues& cells;

  // Bit i % 64 of word i / 64 is set if row i has a cell; no words, if all
  // have. Bits behind the last row are 0.
  absl::Span<const uint64_t> present;

  bool HasCell(size_t row) const {
    return present.empty() || (present[row / 64] >> row % 64 & 1) != 0;
  }
};

// What a store that is filled from Contents implements: it is given everything
// in OID order, each name once.
//
// Used by one thread at a time.
class ContentsSink {
 public:
  virtual ~ContentsSink() = default;

  // The entry is valid during the call.
  virtual void OnEntry(const PackedEntry& entry) = 0;

  // A column with at least one cell, none of whose names lies among other
  // entries. True if it was taken; else its cells follow as entries. The column
  // is valid during the call, its rows as long as somebody shares them.
  virtual bool OnColumn(const PackedColumn& /*column*/) { return false; }
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_CONTENTS_SINK_H_
