#ifndef PASSPERSIST_INTERNAL_ENTRY_RUNS_H_
#define PASSPERSIST_INTERNAL_ENTRY_RUNS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/internal/contents_sink.h"
#include "passpersist/internal/entry_log.h"

namespace passpersist::internal {

// Entries in OID order, one after another. A name may come twice.
//
// Used by one thread at a time.
class EntryRun {
 public:
  virtual ~EntryRun() = default;

  // To the next entry, at first to the first one; false behind the last one.
  virtual bool Next() = 0;

  // Valid until the next call of Next(). Its `shared` counts from the entry
  // before in this run.
  virtual const PackedEntry& entry() const = 0;
};

// What was put in order: the log as it is.
class LogRun : public EntryRun {
 public:
  explicit LogRun(const EntryLog* log) : reader_(log) {}

  bool Next() override { return reader_.Next(); }
  const PackedEntry& entry() const override { return reader_.entry(); }

 private:
  EntryLog::Reader reader_;
};

// What was put apart, sorted here. Takes 16 bytes an entry: the first bytes of
// a key, which mostly decide, lie beside the place of its record.
class ApartRun : public EntryRun {
 public:
  explicit ApartRun(const EntryLog* log);

  bool Next() override;
  const PackedEntry& entry() const override { return entry_; }

 private:
  struct Place {
    uint64_t head;  // of the key, most significant byte first
    EntryLog::Position position;
  };

  EntryLog::Reader reader_;
  std::vector<Place> places_;
  size_t next_ = 0;
  absl::string_view key_;  // where its record is
  PackedEntry entry_;
};

// The cells of a column.
class ColumnRun : public EntryRun {
 public:
  // Borrows what the column does.
  explicit ColumnRun(const PackedColumn& column);

  bool Next() override;
  const PackedEntry& entry() const override { return entry_; }

 private:
  const PackedColumn column_;
  size_t row_ = 0;           // the next one
  size_t cell_ = 0;          // the next one
  absl::string_view index_;  // where the rows have it
  std::string key_;          // and what longer ones have left
  PackedEntry entry_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_INTERNAL_ENTRY_RUNS_H_
