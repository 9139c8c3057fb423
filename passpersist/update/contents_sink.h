// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_CONTENTS_SINK_H_
#define PASSPERSIST_UPDATE_CONTENTS_SINK_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/column_values.h"
#include "passpersist/encoding/packed_entry.h"
#include "passpersist/encoding/packed_row_index.h"

namespace passpersist {
class RowIndex;
}  // namespace passpersist

namespace passpersist::internal {

// A column of a table. The key of a cell is the prefix followed by the index of
// the row. No cell has a label.
//
// A value type that borrows everything except the rows.
struct PackedColumn {
  absl::string_view prefix;  // the bytes of an EncodedOid
  std::shared_ptr<const RowIndex> rows;
  const PackedRowIndex& indexes;  // of `rows`

  // The cells that are not missing, in the order of their rows.
  const ColumnValues& cells;

  // Bit i % 64 of word i / 64 is set if row i has a cell. Empty if all rows
  // have a cell. Bits after the last row are 0.
  absl::Span<const uint64_t> validity;

  bool HasCell(size_t row) const {
    return validity.empty() || (validity[row / 64] >> row % 64 & 1) != 0;
  }
};

// A store that is filled from Contents implements this. It receives all entries
// in OID order, each key once.
//
// Used by one thread at a time.
class ContentsSink {
 public:
  virtual ~ContentsSink() = default;

  // Receives an entry, which is valid during the call.
  virtual void OnEntry(const PackedEntry& entry) = 0;

  // Receives a column with at least one cell. No other entry lies between the
  // keys of its cells. Returns true if the sink accepts the column; else its
  // cells follow as entries. The column is valid during the call, its rows as
  // long as somebody shares them.
  virtual bool OnColumn(const PackedColumn& /*column*/) { return false; }
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_CONTENTS_SINK_H_
