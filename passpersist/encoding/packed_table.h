// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_PACKED_TABLE_H_
#define PASSPERSIST_ENCODING_PACKED_TABLE_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "passpersist/encoding/nullable_column.h"

namespace passpersist {
class RowIndex;
}  // namespace passpersist

namespace passpersist::internal {

// The rows of a TableBuilder as columns.
struct PackedTable {
  struct Column {
    uint32_t id;
    NullableColumn cells;  // in the order of `rows`
  };

  std::shared_ptr<const RowIndex> rows;
  std::vector<Column> columns;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_PACKED_TABLE_H_
