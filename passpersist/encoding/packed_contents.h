// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_PACKED_CONTENTS_H_
#define PASSPERSIST_ENCODING_PACKED_CONTENTS_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/changes.h"
#include "passpersist/encoding/entry_sorter.h"
#include "passpersist/encoding/instance_errors.h"
#include "passpersist/encoding/nullable_column.h"
#include "passpersist/encoding/packed_row_index.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"

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

  // `root` is the beginning of the names in errors.
  explicit PackedContents(Oid root = {}, bool is_strict = false)
      : root(std::move(root)), is_strict(is_strict) {}

  // Add an error that costs an instance, or the status if `is_strict`. `error`
  // is called only if its text is needed. `is_served`: the instance has a value
  // in spite of the error.
  void AddError(const Oid& suffix, bool is_served,
                absl::FunctionRef<absl::Status()> error);
  void AddError(absl::FunctionRef<InstanceError()> error);

  // Adds the error that the bytes of an EncodedOid were put twice, or returns
  // it if `is_strict`.
  absl::Status OnPutTwice(absl::string_view key) const;

  const Oid root;
  const bool is_strict;
  absl::Time sys_up_time_zero = absl::UnixEpoch();
  EntrySorter entries;  // that were put one by one
  std::vector<Column> columns;
  Changes overrides;
  absl::Status status;  // the first error that fails the update
  bool is_unchanged = false;
  // Shared with the agent, which reads them after a store took the contents.
  const std::shared_ptr<InstanceErrors> errors =
      std::make_shared<InstanceErrors>();
  ValuePacker packer;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_PACKED_CONTENTS_H_
