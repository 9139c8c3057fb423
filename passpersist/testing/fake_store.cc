// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/fake_store.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
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

// An Oid has room for many arcs, and most suffixes are short.
struct Entry {
  std::vector<uint32_t> arcs;
  StoredValue value;
  std::string label;
};

// Sorted by arcs. A write copies the pointers, not the entries.
using SortedEntries = std::vector<std::shared_ptr<const Entry>>;

std::shared_ptr<const Entry> MakeEntry(const Oid& suffix,
                                       const StoredValue& value,
                                       absl::string_view label) {
  return std::make_shared<const Entry>(Entry{
      {suffix.arcs().begin(), suffix.arcs().end()}, value, std::string(label)});
}

// Returns the first entry that is not before `suffix`.
SortedEntries::const_iterator Find(const SortedEntries& entries,
                                   const Oid& suffix) {
  return std::lower_bound(
      entries.begin(), entries.end(), suffix,
      [](const std::shared_ptr<const Entry>& entry, const Oid& sought) {
        return absl::MakeConstSpan(entry->arcs) < sought.arcs();
      });
}

// What a string holds outside of itself.
size_t HeapBytes(const std::string& text) {
  return text.capacity() > std::string().capacity() ? text.capacity() : 0;
}

size_t HeapBytes(const StoredValue& stored) {
  const auto* const value = std::get_if<Value>(&stored);
  if (value == nullptr) return 0;
  if (const auto* const octets = std::get_if<OctetString>(value)) {
    return HeapBytes(octets->bytes);
  }
  if (const auto* const opaque = std::get_if<Opaque>(value)) {
    return HeapBytes(opaque->bytes);
  }
  return 0;
}

}  // namespace

class FakeStore::Table : public Snapshot,
                         public std::enable_shared_from_this<Table> {
 public:
  explicit Table(SortedEntries sorted) : entries(std::move(sorted)) {}

  std::unique_ptr<Iterator> NewIterator() const override;
  size_t size() const override { return entries.size(); }

  const SortedEntries entries;

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
    position_ = Find(table_->entries, suffix);
  }
  void Next() override { ++position_; }

  const Oid& suffix() const override {
    suffix_.Assign((*position_)->arcs);
    return suffix_;
  }
  const StoredValue& value() const override { return (*position_)->value; }
  absl::string_view label() const override { return (*position_)->label; }

 private:
  const std::shared_ptr<const Table> table_;
  SortedEntries::const_iterator position_;
  mutable Oid suffix_;
};

std::unique_ptr<Iterator> FakeStore::Table::NewIterator() const {
  return std::make_unique<TableIterator>(shared_from_this());
}

FakeStore::FakeStore(Entries entries) {
  SortedEntries sorted;
  for (const auto& [suffix, stored] : entries) {
    sorted.push_back(MakeEntry(suffix, stored, ""));
  }
  table_ = std::make_shared<const Table>(std::move(sorted));
}

passpersist::StoreFactory FakeStore::Factory() {
  return [] { return std::make_unique<FakeStore>(); };
}

std::shared_ptr<const Snapshot> FakeStore::snapshot() const {
  passpersist::internal::MutexLock lock(mutex_);
  return table_;
}

absl::Status FakeStore::Replace(Contents contents) {
  SortedEntries entries;
  const absl::Status status = passpersist::ReadContents(
      contents, [&](const Oid& suffix, const StoredValue& stored,
                    absl::string_view label) {
        entries.push_back(MakeEntry(suffix, stored, label));
      });
  if (!status.ok()) return status;
  entries.shrink_to_fit();
  passpersist::internal::MutexLock lock(mutex_);
  if (!error_.ok()) return error_;
  table_ = std::make_shared<const Table>(std::move(entries));
  return absl::OkStatus();
}

absl::Status FakeStore::Apply(const Changes& changes) {
  passpersist::internal::MutexLock lock(mutex_);
  if (!error_.ok()) return error_;
  SortedEntries entries = table_->entries;
  for (const Changes::NetChange& change : changes.Normalized()) {
    const auto position =
        entries.begin() + (Find(entries, *change.suffix) - entries.begin());
    const bool present =
        position != entries.end() &&
        absl::MakeConstSpan((*position)->arcs) == change.suffix->arcs();
    if (change.value == nullptr) {
      if (present) entries.erase(position);
    } else if (present) {
      *position = MakeEntry(*change.suffix, *change.value,
                            change.label.value_or((*position)->label));
    } else {
      entries.insert(position, MakeEntry(*change.suffix, *change.value,
                                         change.label.value_or("")));
    }
  }
  table_ = std::make_shared<const Table>(std::move(entries));
  return absl::OkStatus();
}

size_t FakeStore::ApproximateMemory() const {
  passpersist::internal::MutexLock lock(mutex_);
  size_t memory =
      sizeof *this + sizeof *table_ +
      table_->entries.capacity() * sizeof(SortedEntries::value_type);
  for (const auto& entry : table_->entries) {
    memory += sizeof *entry + entry->arcs.capacity() * sizeof(uint32_t) +
              HeapBytes(entry->value) + HeapBytes(entry->label);
  }
  return memory;
}

void FakeStore::FailWith(absl::Status error) {
  passpersist::internal::MutexLock lock(mutex_);
  error_ = std::move(error);
}

}  // namespace passpersist_testing
