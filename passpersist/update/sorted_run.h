// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_SORTED_RUN_H_
#define PASSPERSIST_UPDATE_SORTED_RUN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/entry_buffer.h"
#include "passpersist/encoding/packed_entry.h"
#include "passpersist/update/contents_sink.h"

namespace passpersist::internal {

// Reads entries in OID order. A key may come twice; then the first one counts.
//
// Used by one thread at a time.
class SortedRun {
 public:
  SortedRun(const SortedRun&) = delete;
  SortedRun& operator=(const SortedRun&) = delete;
  virtual ~SortedRun() = default;

  // Moves to the next entry; the first call moves to the first entry. False
  // after the last entry.
  virtual bool Next() = 0;

  // Valid until the next call of Next(). `shared` counts from the previous
  // entry of this run.
  const PackedEntry& entry() const { return *entry_; }

  // Of entries with one key in several runs, that of the run with the greatest
  // rank counts.
  size_t rank() const { return rank_; }
  void set_rank(size_t rank) { rank_ = rank; }

 protected:
  SortedRun() = default;

  // Sets the address at which Next() leaves the entry.
  void set_entry(const PackedEntry* entry) { entry_ = entry; }

 private:
  const PackedEntry* entry_ = nullptr;
  size_t rank_ = 0;
};

// The entries of an EntryBuffer.
class BufferRun : public SortedRun {
 public:
  explicit BufferRun(const EntryBuffer* buffer) : reader_(buffer) {
    set_entry(&reader_.entry());
  }

  bool Next() override { return reader_.Next(); }

 private:
  EntryBuffer::Reader reader_;
};

// The cells of a column.
class ColumnRun : public SortedRun {
 public:
  // Borrows what the column borrows.
  explicit ColumnRun(const PackedColumn& column);

  bool Next() override;

 private:
  const PackedColumn column_;
  size_t row_ = 0;           // the next row
  size_t cell_ = 0;          // the next cell
  absl::string_view index_;  // of the last row, in the memory of the rows
  std::string key_;          // the key at its beginning; may be longer
  PackedEntry entry_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_SORTED_RUN_H_
