// SPDX-License-Identifier: Apache-2.0

#include "infra/flat_store/flat_snapshot.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "passpersist/value.h"

namespace acme {

using passpersist::ObjectIdentifier;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Opaque;
using passpersist::StoredValue;
using passpersist::Value;

namespace {

class FlatIterator : public passpersist::Iterator {
 public:
  explicit FlatIterator(std::shared_ptr<const FlatSnapshot> snapshot)
      : snapshot_(std::move(snapshot)), position_(snapshot_->size()) {}

  bool Valid() const override { return position_ < snapshot_->size(); }
  void SeekToFirst() override { MoveTo(0); }
  void Seek(const Oid& suffix) override {
    MoveTo(snapshot_->Find(suffix.arcs()));
  }
  void Next() override { MoveTo(position_ + 1); }

  const Oid& suffix() const override { return suffix_; }
  const StoredValue& value() const override { return entry().value; }
  absl::string_view label() const override { return entry().label; }

 private:
  const FlatEntry& entry() const { return snapshot_->entries()[position_]; }

  void MoveTo(size_t position) {
    position_ = position;
    if (Valid()) suffix_.Assign(entry().arcs);
  }

  const std::shared_ptr<const FlatSnapshot> snapshot_;
  size_t position_;
  Oid suffix_;  // the suffix of the current entry
};

// Returns the bytes that a value has allocated on the heap.
size_t HeapMemory(const StoredValue& stored) {
  const auto* const value = std::get_if<Value>(&stored);
  if (value == nullptr) return 0;
  if (const auto* text = std::get_if<OctetString>(value)) {
    return text->bytes.capacity();
  }
  if (const auto* opaque = std::get_if<Opaque>(value)) {
    return opaque->bytes.capacity();
  }
  if (const auto* name = std::get_if<ObjectIdentifier>(value)) {
    return name->value.size() * sizeof(uint32_t);
  }
  return 0;
}

}  // namespace

FlatEntry MakeFlatEntry(const Oid& suffix, StoredValue stored,
                        absl::string_view label) {
  return {{suffix.arcs().begin(), suffix.arcs().end()},
          std::move(stored),
          std::string(label)};
}

std::unique_ptr<passpersist::Iterator> FlatSnapshot::NewIterator() const {
  return std::make_unique<FlatIterator>(shared_from_this());
}

size_t FlatSnapshot::Find(absl::Span<const uint32_t> arcs) const {
  return std::lower_bound(
             entries_.begin(), entries_.end(), arcs,
             [](const FlatEntry& entry, absl::Span<const uint32_t> target) {
               return absl::MakeConstSpan(entry.arcs) < target;
             }) -
         entries_.begin();
}

size_t FlatSnapshot::ApproximateMemory() const {
  size_t memory = sizeof *this + entries_.capacity() * sizeof(FlatEntry);
  for (const FlatEntry& entry : entries_) {
    memory += entry.arcs.capacity() * sizeof(uint32_t) +
              entry.label.capacity() + HeapMemory(entry.value);
  }
  return memory;
}

}  // namespace acme
