// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_PACKED_CONTENTS_H_
#define PASSPERSIST_ENCODING_PACKED_CONTENTS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "passpersist/changes.h"
#include "passpersist/encoding/entry_sorter.h"
#include "passpersist/encoding/nullable_column.h"
#include "passpersist/encoding/packed_row_index.h"
#include "passpersist/encoding/packed_value.h"

namespace passpersist {
class RowIndex;
}  // namespace passpersist

namespace passpersist::internal {

// What is in Contents.
struct PackedContents {
  // A column that was put as a whole.
  struct Column {
    std::string prefix;  // the bytes of an EncodedOid
    std::shared_ptr<const RowIndex> rows;
    const PackedRowIndex* indexes;  // of `rows`
    NullableColumn cells;
  };

  EntrySorter entries;  // that were put one by one
  std::vector<Column> columns;
  Changes overrides;
  absl::Status status;  // the first error
  bool is_unchanged = false;
  ValuePacker packer;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_PACKED_CONTENTS_H_
