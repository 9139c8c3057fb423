// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/fake_store.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/read_contents.h"
#include "passpersist/value.h"

namespace passpersist_testing {

using passpersist::Changes;
using passpersist::Contents;
using passpersist::Iterator;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Opaque;
using passpersist::Snapshot;
using passpersist::StoredValue;
using passpersist::Value;

namespace {

struct Entry {
  Oid suffix;
  StoredValue value;
  std::string label;
};

// The heap memory of a value.
size_t BytesOf(const StoredValue& stored) {
  const auto* const value = std::get_if<Value>(&stored);
  if (value == nullptr) return 0;
  if (const auto* const octets = std::get_if<OctetString>(value)) {
    return octets->bytes.capacity();
  }
  if (const auto* const opaque = std::get_if<Opaque>(value)) {
    return opaque->bytes.capacity();
  }
  return 0;
}

}  // namespace

class FakeStore::Table : public Snapshot,
                         public std::enable_shared_from_this<Table> {
 public:
  explicit Table(std::vector<Entry> rows) : entries(std::move(rows)) {}

  std::unique_ptr<Iterator> NewIterator() const override;
  size_t size() const override { return entries.size(); }

  const std::vector<Entry> entries;

 private:
  class TableIterator;
};

class FakeStore::Table::TableIterator : public Iterator {
 public:
  explicit TableIterator(std::shared_ptr<const Table> table)
      : table_(std::move(table)), position_(table_->entries.end()) {}

  bool Valid() const override { return position_ != table_->entries.end(); }
  void SeekToFirst() override { position_ = table_->entries.begin(); }
  void Seek(const Oid& suffix) override {
    position_ = std::find_if(
        table_->entries.begin(), table_->entries.end(),
        [&](const Entry& entry) { return entry.suffix >= suffix; });
  }
  void Next() override { ++position_; }

  const Oid& suffix() const override { return position_->suffix; }
  const StoredValue& value() const override { return position_->value; }
  absl::string_view label() const override { return position_->label; }

 private:
  const std::shared_ptr<const Table> table_;
  std::vector<Entry>::const_iterator position_;
};

std::unique_ptr<Iterator> FakeStore::Table::NewIterator() const {
  return std::make_unique<TableIterator>(shared_from_this());
}

FakeStore::FakeStore(Entries entries) {
  std::vector<Entry> rows;
  for (const auto& [suffix, stored] : entries) {
    rows.push_back({suffix, stored, std::string()});
  }
  table_ = std::make_shared<const Table>(std::move(rows));
}

std::shared_ptr<const Snapshot> FakeStore::snapshot() const {
  passpersist::internal::MutexLock lock(mutex_);
  return table_;
}

absl::Status FakeStore::Replace(Contents contents) {
  std::vector<Entry> entries;
  const absl::Status status = passpersist::ReadContents(
      contents, [&](const Oid& suffix, const StoredValue& stored,
                    absl::string_view label) {
        entries.push_back({suffix, stored, std::string(label)});
      });
  if (!status.ok()) return status;
  passpersist::internal::MutexLock lock(mutex_);
  if (!error_.ok()) return error_;
  table_ = std::make_shared<const Table>(std::move(entries));
  return absl::OkStatus();
}

absl::Status FakeStore::Apply(const Changes& changes) {
  passpersist::internal::MutexLock lock(mutex_);
  if (!error_.ok()) return error_;
  std::vector<Entry> entries = table_->entries;
  for (const Changes::NetChange& change : changes.Normalized()) {
    const auto position =
        std::lower_bound(entries.begin(), entries.end(), *change.suffix,
                         [](const Entry& entry, const Oid& suffix) {
                           return entry.suffix < suffix;
                         });
    const bool present =
        position != entries.end() && position->suffix == *change.suffix;
    if (change.value == nullptr) {
      if (present) entries.erase(position);
    } else if (!present) {
      entries.insert(position, {*change.suffix, *change.value,
                                std::string(change.label.value_or(""))});
    } else {
      position->value = *change.value;
      if (change.label) position->label = std::string(*change.label);
    }
  }
  table_ = std::make_shared<const Table>(std::move(entries));
  return absl::OkStatus();
}

size_t FakeStore::ApproximateMemory() const {
  passpersist::internal::MutexLock lock(mutex_);
  size_t memory = sizeof *this + sizeof *table_ +
                  table_->entries.capacity() * sizeof(Entry);
  for (const Entry& entry : table_->entries) {
    memory += BytesOf(entry.value) + entry.label.capacity();
  }
  return memory;
}

void FakeStore::FailWith(absl::Status error) {
  passpersist::internal::MutexLock lock(mutex_);
  error_ = std::move(error);
}

}  // namespace passpersist_testing
