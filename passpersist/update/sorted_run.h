// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_SORTED_RUN_H_
#define PASSPERSIST_UPDATE_SORTED_RUN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/update/entry_buffer.h"

namespace passpersist::internal {

// Entries in OID order, one after another. A name may come twice.
//
// Used by one thread at a time.
class SortedRun {
 public:
  SortedRun(const SortedRun&) = delete;
  SortedRun& operator=(const SortedRun&) = delete;
  virtual ~SortedRun() = default;

  // To the next entry, at first to the first one; false behind the last one.
  virtual bool Next() = 0;

  // Valid until the next call of Next(). Its `shared` counts from the entry
  // before in this run.
  const PackedEntry& entry() const { return *entry_; }

 protected:
  SortedRun() = default;

  // Where Next() leaves the entry.
  void set_entry(const PackedEntry* entry) { entry_ = entry; }

 private:
  const PackedEntry* entry_ = nullptr;
};

// The entries of a log.
class LogRun : public SortedRun {
 public:
  explicit LogRun(const EntryBuffer* log) : reader_(log) {
    set_entry(&reader_.entry());
  }

  bool Next() override { return reader_.Next(); }

 private:
  EntryBuffer::Reader reader_;
};

// The cells of a column.
class ColumnRun : public SortedRun {
 public:
  // Borrows what the column does.
  explicit ColumnRun(const PackedColumn& column);

  bool Next() override;

 private:
  const PackedColumn column_;
  size_t row_ = 0;           // the next one
  size_t cell_ = 0;          // the next one
  absl::string_view index_;  // where the rows have it
  std::string key_;          // and what longer ones have left
  PackedEntry entry_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_SORTED_RUN_H_
