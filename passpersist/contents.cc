#include "passpersist/contents.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "passpersist/encoding/packed_key.h"
#include "passpersist/update/entry_log.h"
#include "passpersist/update/entry_merge.h"

namespace passpersist {

using internal::ColumnCells;
using internal::PackedEntry;
using internal::PackedKey;
using internal::PackedValue;

namespace {

// Gives entries as users know them to a function.
class UnpackingSink : public internal::ContentsSink {
 public:
  using Use =
      absl::FunctionRef<void(const Oid&, const Slot&, absl::string_view label)>;

  explicit UnpackingSink(Use use) : use_(use) {}

  void OnEntry(const PackedEntry& entry) override {
    use_(internal::UnpackKey(entry.key), unpacker_.Unpack(entry.value),
         entry.label);
  }

 private:
  const Use use_;
  internal::ValueUnpacker unpacker_;
};

}  // namespace

void Contents::Put(const Oid& suffix, Value value, absl::string_view label) {
  if (CanKeep(suffix, value)) Add(suffix, packer_.PackValue(&value), label);
}

void Contents::PutLazy(const Oid& suffix, LazyValue::Function function,
                       absl::string_view label) {
  Add(suffix, packer_.Pack(LazyValue(std::move(function))), label);
}

void Contents::PutTable(const Oid& entry, TableRows& table) {
  absl::StatusOr<TableRows::Filled> filled = table.Take(entry);
  if (!filled.ok()) {
    if (status_.ok()) status_ = filled.status();
    return;
  }
  for (TableRows::FilledColumn& column : filled->columns) {
    AddColumn(Concat(entry, {column.id}), filled->rows,
              std::move(column.cells));
  }
}

void Contents::Override(const Changes& changes) {
  for (const Changes::Change& change : changes.changes()) {
    const PackedKey key(change.suffix);
    if (!change.slot) {
      overrides_.Erase(key.bytes());
      continue;
    }
    const Value* const value = std::get_if<Value>(&*change.slot);
    if (value != nullptr && !CanKeep(change.suffix, *value)) continue;
    overrides_.Put(key.bytes(), packer_.Pack(*change.slot), change.label);
  }
}

size_t Contents::size() const {
  size_t size = entries_.size();
  for (const Column& column : columns_) size += column.cells.cells().size();
  return size;
}

size_t Contents::ApproximateMemory() const {
  size_t memory =
      sizeof *this + entries_.MemoryUsage() + overrides_.MemoryUsage();
  for (const Column& column : columns_) {
    memory += sizeof column + column.cells.MemoryUsage();
  }
  return memory;
}

absl::Status Contents::ForEach(UnpackingSink::Use use) const {
  UnpackingSink sink(use);
  return Deliver(&sink);
}

absl::Status Contents::Deliver(internal::ContentsSink* sink) const {
  if (!status_.ok()) return status_;
  const internal::EntryLog* const log = entries_.OnlyLog();
  if (log != nullptr && columns_.empty() && overrides_.empty()) {
    internal::EntryLog::Reader reader(log);
    while (reader.Next()) sink->OnEntry(reader.entry());
    return absl::OkStatus();
  }
  internal::EntryMerge merge(&overrides_, sink);
  entries_.AddRunsTo(&merge);
  for (const Column& column : columns_) {
    merge.AddColumn({column.prefix, column.rows, column.cells.cells(),
                     column.cells.present()});
  }
  return merge.Run();
}

void Contents::Add(const Oid& suffix, const PackedValue& value,
                   absl::string_view label) {
  const absl::Status status = entries_.Add(suffix, value, label);
  if (!status.ok() && status_.ok()) status_ = status;
}

void Contents::AddValueCell(const Oid& column, const RowSet& rows, Value value,
                            ColumnCells* cells) {
  if (!internal::CanPack(value)) {
    const size_t row = cells->rows();
    char scratch[internal::kMaxPackedArcSize];
    CanKeep(row < rows.size()
                ? Concat(column,
                         internal::UnpackKey(rows.PackedIndex(row, scratch)))
                : column,
            value);
  } else {
    cells->Add(packer_.PackValue(&value));
  }
}

void Contents::AddColumn(const Oid& column, std::shared_ptr<const RowSet> rows,
                         ColumnCells cells) {
  if (!status_.ok()) return;
  if (cells.rows() != rows->size()) {
    return AddMistake(
        column, absl::InvalidArgumentError(absl::StrCat(
                    cells.rows(), " values for ", rows->size(), " rows")));
  }
  columns_.push_back({std::string(PackedKey(column).bytes()), std::move(rows),
                      std::move(cells)});
}

bool Contents::CanKeep(const Oid& suffix, const Value& value) {
  if (internal::CanPack(value)) return true;
  AddMistake(suffix, absl::InvalidArgumentError(absl::StrCat(
                         TypeName(value), " is no value to keep")));
  return false;
}

void Contents::AddMistake(const Oid& suffix, const absl::Status& mistake) {
  if (!status_.ok()) return;
  status_ = absl::Status(
      mistake.code(), absl::StrCat(suffix.ToString(), ": ", mistake.message()));
}

void Changes::Put(Oid suffix, Value value, absl::string_view label) {
  changes_.push_back(
      {std::move(suffix), Slot(std::move(value)), std::string(label)});
}

void Changes::PutLazy(Oid suffix, LazyValue::Function function,
                      absl::string_view label) {
  changes_.push_back({std::move(suffix), Slot(LazyValue(std::move(function))),
                      std::string(label)});
}

void Changes::Erase(Oid suffix) {
  changes_.push_back({std::move(suffix), std::nullopt, std::string()});
}

}  // namespace passpersist
