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
      : snapshot_(std::move(snapshot)), place_(snapshot_->size()) {}

  bool Valid() const override { return place_ < snapshot_->size(); }
  void SeekToFirst() override { MoveTo(0); }
  void Seek(const Oid& suffix) override {
    MoveTo(snapshot_->Find(suffix.arcs()));
  }
  void Next() override { MoveTo(place_ + 1); }

  const Oid& suffix() const override { return suffix_; }
  const StoredValue& slot() const override { return entry().slot; }
  absl::string_view label() const override { return entry().label; }

 private:
  const FlatEntry& entry() const { return snapshot_->entries()[place_]; }

  void MoveTo(size_t place) {
    place_ = place;
    if (Valid()) suffix_.Assign(entry().arcs);
  }

  const std::shared_ptr<const FlatSnapshot> snapshot_;
  size_t place_;
  Oid suffix_;  // of the entry
};

// The bytes that a value has elsewhere.
size_t OutsideMemory(const StoredValue& slot) {
  const auto* const value = std::get_if<Value>(&slot);
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

FlatEntry MakeFlatEntry(const Oid& suffix, StoredValue slot,
                        absl::string_view label) {
  return {{suffix.arcs().begin(), suffix.arcs().end()},
          std::move(slot),
          std::string(label)};
}

std::unique_ptr<passpersist::Iterator> FlatSnapshot::NewIterator() const {
  return std::make_unique<FlatIterator>(shared_from_this());
}

size_t FlatSnapshot::Find(absl::Span<const uint32_t> arcs) const {
  return std::lower_bound(
             entries_.begin(), entries_.end(), arcs,
             [](const FlatEntry& entry, absl::Span<const uint32_t> wanted) {
               return absl::MakeConstSpan(entry.arcs) < wanted;
             }) -
         entries_.begin();
}

size_t FlatSnapshot::ApproximateMemory() const {
  size_t memory = sizeof *this + entries_.capacity() * sizeof(FlatEntry);
  for (const FlatEntry& entry : entries_) {
    memory += entry.arcs.capacity() * sizeof(uint32_t) +
              entry.label.capacity() + OutsideMemory(entry.slot);
  }
  return memory;
}

}  // namespace acme
