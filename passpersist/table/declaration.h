// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_DECLARATION_H_
#define PASSPERSIST_TABLE_DECLARATION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/table/snmp_type.h"
#include "passpersist/table_builder.h"
#include "passpersist/value.h"

namespace passpersist::table_internal {

// The declaration behind a Table, without templates. What depends on types is
// behind pointers to functions: one set of functions for each type of data
// members, whatever the row, so that many tables share them.

// Where a value of a row is.
struct Source {
  size_t offset = 0;                     // of a data member
  std::shared_ptr<const void> function;  // null for a data member
  size_t octets = 0;                     // EncodeContext::octets
};

// The cells that Column::Ops::fill() makes.
struct CellTarget {
  TableBuilder* builder;
  size_t column;     // a position in the builder
  size_t first_row;  // the row of the first address
  absl::Time sys_up_time_zero;
};

struct Column {
  struct Ops {
    size_t wire;     // the alternative of Value that all cells have
    bool is_number;  // see TableBuilder::AddNumbers()

    // Makes the cells of a block of rows.
    void (*fill)(const Source& source, absl::Span<const void* const> rows,
                 const CellTarget& target);

    // Returns the value of a cell, std::nullopt if the cell is missing, or the
    // reason why it has no value.
    absl::StatusOr<std::optional<Value>> (*get)(const Source& source,
                                                absl::Time sys_up_time_zero,
                                                const void* row);

    // True if the cells of two rows are the same: get() returns the same. Does
    // not make a Value, so costs a few instructions for a data member.
    bool (*is_same)(const Source& source, absl::Time sys_up_time_zero,
                    const void* a, const void* b);

    // Stores the value of a cell, which has the right type. Null if the column
    // is not a data member, or if its type has no Decode().
    ErrorStatus (*set)(const Source& source, const Value& value, void* row);

    // True if the values depend on more than the row: see EncodeContext.
    bool needs_context;

    // Returns the running total of a row before it is sent modulo 2^32 or 2^64,
    // or std::nullopt if the cell is missing. Null if the column is not a
    // running total, or if a total that falls is not to be told from one that
    // wraps.
    std::optional<uint64_t> (*total)(const Source& source, const void* row);
  };

  uint32_t id;
  Source source;
  const Ops* ops;
  bool is_accessible;
};

struct Part {
  struct Ops {
    absl::Status (*encode)(const Source& source, const void* row, Oid* index);

    // Takes arcs from the front of `arcs` and stores the part. Null for a
    // function.
    bool (*decode)(const Source& source, absl::Span<const uint32_t>* arcs,
                   void* row);
  };

  Source source;
  const Ops* ops;
};

// Immutable when the table is complete, so safe for concurrent use.
struct Declaration {
  // The result is never destroyed: tables are constants whose users may outlive
  // the end of main().
  static Declaration* New(const Oid& oid);
  static Declaration* New(absl::string_view oid);

  // An error of the declaration; the first one is kept.
  void AddError(const absl::Status& error);
  void AddColumn(uint32_t id, Source source, const Column::Ops* ops,
                 bool is_accessible);
  // The same for a data member.
  void AddColumn(uint32_t id, size_t offset, size_t octets,
                 const Column::Ops* ops, bool is_accessible);

  // Replaces `index` by that of a row. The errors are those of
  // IndexCodec::Encode().
  absl::Status EncodeIndex(const void* row, size_t arcs_before,
                           Oid* index) const;

  // Stores the parts of `index` in a row. Returns false if it is not the index
  // of any row, or if a part is not a data member. The row is then unspecified.
  bool DecodeIndex(absl::Span<const uint32_t> index, void* row) const;

  // Returns null if there is no such column.
  const Column* Find(uint32_t id) const;

  // The OID of the table below `root`, or the error of `root`, or that of the
  // declaration.
  absl::StatusOr<Oid> RootBelow(const absl::StatusOr<Oid>& root) const;

  // The scalars about the table are in its store, so that they change together
  // with its rows. The names in the store are then relative to the base, which
  // is what the OIDs of the table and the scalars have in common. Otherwise the
  // base is the OID of the table.
  struct Layout {
    size_t base_arcs;  // of `oid`, that are the base
    Oid entry;         // of the table, relative to the base, as the following
    std::optional<Oid> row_count;  // instances
    std::optional<Oid> last_change;
  };
  Layout MakeLayout() const;

  Oid oid;  // relative to the root
  // Objects about the table, relative to the root.
  std::optional<Oid> row_count;
  std::optional<Oid> last_change;
  // The number of the column that tells of discontinuities, a data member of
  // type absl::Time; or 0.
  uint32_t discontinuity = 0;
  std::vector<Part> parts;
  size_t min_index_arcs = 0;
  std::vector<Column> columns;  // in the order of their numbers
  absl::Status status;
};

}  // namespace passpersist::table_internal

#endif  // PASSPERSIST_TABLE_DECLARATION_H_
