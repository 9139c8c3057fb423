// SPDX-License-Identifier: Apache-2.0

#include "passpersist/contents.h"

#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/update/entry_buffer.h"
#include "passpersist/update/merging_reader.h"
#include "passpersist/update/overlay.h"

namespace passpersist {

using internal::EncodedOid;
using internal::NullableColumn;
using internal::PackedEntry;
using internal::PackedValue;

namespace {

// Unpacks entries and passes them to a callback.
class UnpackingSink : public internal::ContentsSink {
 public:
  using Callback = absl::FunctionRef<void(const Oid&, const StoredValue&,
                                          absl::string_view label)>;

  explicit UnpackingSink(Callback callback) : callback_(callback) {}

  void OnEntry(const PackedEntry& entry) override {
    callback_(internal::UnpackKey(entry.key), unpacker_.Unpack(entry.value),
              entry.label);
  }

 private:
  const Callback callback_;
  internal::ValueUnpacker unpacker_;
};

}  // namespace

void Contents::Put(const Oid& suffix, Value value, absl::string_view label) {
  if (CheckStorable(suffix, value))
    Add(suffix, packer_.PackValue(&value), label);
}

void Contents::PutComputed(const Oid& suffix, ComputedValue::Function function,
                           absl::string_view label) {
  Add(suffix, packer_.Pack(ComputedValue(std::move(function))), label);
}

void Contents::PutTable(const Oid& entry, TableBuilder& table) {
  absl::StatusOr<TableBuilder::Filled> filled = table.Take(entry);
  if (!filled.ok()) {
    if (status_.ok()) status_ = filled.status();
    return;
  }
  for (TableBuilder::FilledColumn& column : filled->columns) {
    AddColumn(Concat(entry, {column.id}), filled->rows,
              std::move(column.cells));
  }
}

void Contents::Override(Changes changes) {
  for (const Changes::Change& change : changes.changes()) {
    const Value* const value =
        change.value ? std::get_if<Value>(&*change.value) : nullptr;
    if (value != nullptr) CheckStorable(change.suffix, *value);
  }
  changes_.Append(std::move(changes));
}

size_t Contents::size() const {
  size_t size = entries_.size();
  for (const Column& column : columns_) size += column.cells.cells().size();
  return size;
}

size_t Contents::ApproximateMemory() const {
  size_t memory = sizeof *this + entries_.MemoryUsage() +
                  changes_.changes().size() * sizeof(Changes::Change);
  for (const Column& column : columns_) {
    memory += sizeof column + column.cells.MemoryUsage();
  }
  return memory;
}

absl::Status Contents::ForEach(UnpackingSink::Callback callback) const {
  UnpackingSink sink(callback);
  return Deliver(&sink);
}

absl::Status Contents::Deliver(internal::ContentsSink* sink) const {
  if (!status_.ok()) return status_;
  const internal::EntryBuffer* const buffer = entries_.OnlyBuffer();
  if (buffer != nullptr && columns_.empty() && changes_.empty()) {
    // One sorted buffer is everything: no merge is needed.
    internal::EntryBuffer::Reader reader(buffer);
    while (reader.Next()) sink->OnEntry(reader.entry());
    return absl::OkStatus();
  }
  const internal::Overlay overlay(changes_);
  internal::MergingReader reader(&overlay, sink);
  entries_.AddRunsTo(&reader);
  for (const Column& column : columns_) {
    reader.AddColumn({column.prefix, column.rows, column.cells.cells(),
                      column.cells.validity()});
  }
  return reader.Run();
}

void Contents::Add(const Oid& suffix, const PackedValue& value,
                   absl::string_view label) {
  const absl::Status status = entries_.Add(suffix, value, label);
  if (!status.ok() && status_.ok()) status_ = status;
}

void Contents::AddValueCell(const Oid& column, const RowIndex& rows,
                            Value value, NullableColumn* cells) {
  if (!internal::CanPack(value)) {
    const size_t row = cells->rows();
    char scratch[internal::kMaxPackedArcSize];
    CheckStorable(row < rows.size()
                      ? Concat(column, internal::UnpackKey(
                                           rows.PackedIndex(row, scratch)))
                      : column,
                  value);
  } else {
    cells->Add(packer_.PackValue(&value));
  }
}

void Contents::AddColumn(const Oid& column,
                         std::shared_ptr<const RowIndex> rows,
                         NullableColumn cells) {
  if (!status_.ok()) return;
  if (cells.rows() != rows->size()) {
    return AddError(column,
                    absl::InvalidArgumentError(absl::StrCat(
                        cells.rows(), " values for ", rows->size(), " rows")));
  }
  columns_.push_back({std::string(EncodedOid(column).bytes()), std::move(rows),
                      std::move(cells)});
}

bool Contents::CheckStorable(const Oid& suffix, const Value& value) {
  if (internal::CanPack(value)) return true;
  AddError(suffix, absl::InvalidArgumentError(
                       absl::StrCat(TypeName(value), " cannot be stored")));
  return false;
}

void Contents::AddError(const Oid& suffix, const absl::Status& error) {
  if (!status_.ok()) return;
  status_ = absl::Status(
      error.code(), absl::StrCat(suffix.ToString(), ": ", error.message()));
}

}  // namespace passpersist
