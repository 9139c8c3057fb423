// SPDX-License-Identifier: Apache-2.0

#include "examples/sorted_map_store.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "passpersist/read_contents.h"

using passpersist::Changes;
using passpersist::Contents;
using passpersist::Iterator;
using passpersist::ObjectIdentifier;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Opaque;
using passpersist::Snapshot;
using passpersist::StoredValue;
using passpersist::Value;

namespace {

std::vector<uint32_t> ArcsOf(const Oid& suffix) {
  return {suffix.arcs().begin(), suffix.arcs().end()};
}

// What strings and values hold outside of themselves.
size_t HeapBytes(const std::string& text) {
  return text.capacity() > std::string().capacity() ? text.capacity() : 0;
}
size_t HeapBytes(const StoredValue& stored) {
  const Value* const value = std::get_if<Value>(&stored);
  if (value == nullptr) return 0;
  if (const auto* const text = std::get_if<OctetString>(value)) {
    return HeapBytes(text->bytes);
  }
  if (const auto* const opaque = std::get_if<Opaque>(value)) {
    return HeapBytes(opaque->bytes);
  }
  if (const auto* const oid = std::get_if<ObjectIdentifier>(value)) {
    return oid->value.size() * sizeof(uint32_t);
  }
  return 0;
}

}  // namespace

// Immutable once it is published, except for the flag.
class SortedMapStore::MapSnapshot
    : public Snapshot,
      public std::enable_shared_from_this<MapSnapshot> {
 public:
  struct Entry {
    StoredValue value;
    std::string label;
  };
  // By arcs, which compare as OIDs do. (An Oid has room for many arcs; most
  // suffixes are short.)
  using Arcs = std::vector<uint32_t>;
  using Entries = std::map<Arcs, Entry, std::less<>>;

  explicit MapSnapshot(Entries entries) : entries_(std::move(entries)) {}

  std::unique_ptr<Iterator> NewIterator() const override;
  size_t size() const override { return entries_.size(); }
  bool IsNewest() const override { return is_newest_; }

  const Entries& entries() const { return entries_; }
  void SetOutdated() const { is_newest_ = false; }

 private:
  const Entries entries_;
  mutable std::atomic<bool> is_newest_{true};
};

class SortedMapStore::MapIterator : public Iterator {
 public:
  explicit MapIterator(std::shared_ptr<const MapSnapshot> snapshot)
      : snapshot_(std::move(snapshot)), position_(entries().end()) {}

  bool Valid() const override { return position_ != entries().end(); }
  void SeekToFirst() override { position_ = entries().begin(); }
  void Seek(const Oid& suffix) override {
    position_ = entries().lower_bound(suffix.arcs());
  }
  void Next() override { ++position_; }

  const Oid& suffix() const override {
    suffix_.Assign(position_->first);
    return suffix_;
  }
  const StoredValue& value() const override { return position_->second.value; }
  absl::string_view label() const override { return position_->second.label; }

 private:
  const MapSnapshot::Entries& entries() const { return snapshot_->entries(); }

  const std::shared_ptr<const MapSnapshot> snapshot_;
  MapSnapshot::Entries::const_iterator position_;
  mutable Oid suffix_;
};

std::unique_ptr<Iterator> SortedMapStore::MapSnapshot::NewIterator() const {
  return std::make_unique<MapIterator>(shared_from_this());
}

SortedMapStore::SortedMapStore()
    : newest_(std::make_shared<MapSnapshot>(MapSnapshot::Entries())) {}

std::shared_ptr<const Snapshot> SortedMapStore::snapshot() const {
  return newest();
}

absl::Status SortedMapStore::Replace(Contents contents) {
  MapSnapshot::Entries entries;
  const absl::Status status =
      ReadContents(contents, [&](const Oid& suffix, const StoredValue& value,
                                 absl::string_view label) {
        entries[ArcsOf(suffix)] = {value, std::string(label)};
      });
  if (!status.ok()) return status;
  const std::lock_guard<std::mutex> lock(writer_);
  Publish(std::make_shared<MapSnapshot>(std::move(entries)));
  return absl::OkStatus();
}

absl::Status SortedMapStore::Apply(const Changes& changes) {
  // From reading the newest version until publishing the next one.
  const std::lock_guard<std::mutex> lock(writer_);
  MapSnapshot::Entries entries = newest()->entries();
  for (const Changes::NetChange& change : changes.Normalized()) {
    if (change.value == nullptr) {
      entries.erase(ArcsOf(*change.suffix));
      continue;
    }
    MapSnapshot::Entry& entry = entries[ArcsOf(*change.suffix)];
    entry.value = *change.value;
    if (change.label) entry.label = std::string(*change.label);
  }
  Publish(std::make_shared<MapSnapshot>(std::move(entries)));
  return absl::OkStatus();
}

size_t SortedMapStore::ApproximateMemory() const {
  const std::shared_ptr<const MapSnapshot> snapshot = newest();
  size_t memory = sizeof *this + sizeof *snapshot;
  for (const auto& [arcs, entry] : snapshot->entries()) {
    memory += sizeof(MapSnapshot::Entries::value_type) +
              arcs.capacity() * sizeof(uint32_t) + HeapBytes(entry.label) +
              HeapBytes(entry.value);
  }
  return memory;
}

std::shared_ptr<const SortedMapStore::MapSnapshot> SortedMapStore::newest()
    const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return newest_;
}

void SortedMapStore::Publish(std::shared_ptr<MapSnapshot> next) {
  std::shared_ptr<const MapSnapshot> old = std::move(next);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    newest_.swap(old);
  }
  old->SetOutdated();
  // Destroyed here, unless a reader still holds it, and not under the mutex.
}
