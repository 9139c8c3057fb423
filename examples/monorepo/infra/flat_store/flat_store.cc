// SPDX-License-Identifier: Apache-2.0

#include "infra/flat_store/flat_store.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "infra/flat_store/flat_snapshot.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace acme {

using passpersist::Changes;
using passpersist::Contents;
using passpersist::Oid;
using passpersist::Snapshot;
using passpersist::StoredValue;
using passpersist::Value;

namespace {

// The final entry of each instance that changes name; nullopt if the instance
// is removed.
using FinalEntries = std::map<Oid, std::optional<FlatEntry>>;

absl::Status CheckCanStore(const Changes::Change& change) {
  if (!change.value) return absl::OkStatus();
  const auto* const value = std::get_if<Value>(&*change.value);
  if (value == nullptr || !IsException(*value)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(change.suffix.ToString(), ": cannot store ",
                   passpersist::ToString(*value)));
}

FinalEntries FinalEntriesOf(const Changes& changes,
                            const FlatSnapshot& before) {
  FinalEntries final_entries;
  for (const Changes::Change& change : changes.changes()) {
    const auto [position, is_first] = final_entries.try_emplace(change.suffix);
    std::optional<FlatEntry>& entry = position->second;
    if (is_first) {
      const size_t old = before.Find(change.suffix.arcs());
      if (old < before.size() &&
          change.suffix.arcs() == before.entries()[old].arcs) {
        entry = before.entries()[old];
      }
    }
    if (!change.value) {
      entry.reset();
    } else if (entry && change.label.empty()) {
      entry->value = *change.value;
    } else {
      entry = MakeFlatEntry(change.suffix, *change.value, change.label);
    }
  }
  return final_entries;
}

// Returns the entries of `before`, with those in `final_entries` replaced or
// removed.
std::vector<FlatEntry> Merge(const FlatSnapshot& before,
                             FinalEntries final_entries) {
  std::vector<FlatEntry> after;
  after.reserve(before.size() + final_entries.size());
  auto old = before.entries().begin();
  for (auto& [suffix, entry] : final_entries) {
    const auto next = before.entries().begin() + before.Find(suffix.arcs());
    after.insert(after.end(), old, next);
    old = next;
    if (old != before.entries().end() && suffix.arcs() == old->arcs) ++old;
    if (entry) after.push_back(*std::move(entry));
  }
  after.insert(after.end(), old, before.entries().end());
  return after;
}

}  // namespace

FlatStore::FlatStore()
    : newest_(std::make_shared<FlatSnapshot>(std::vector<FlatEntry>())) {}

passpersist::StoreFactory FlatStore::Factory() {
  return [] { return std::make_unique<FlatStore>(); };
}

std::shared_ptr<const Snapshot> FlatStore::snapshot() const { return newest(); }

absl::Status FlatStore::Replace(Contents contents) {
  std::vector<FlatEntry> entries;
  entries.reserve(contents.size());
  const absl::Status status =
      contents.ForEach([&](const Oid& suffix, const StoredValue& stored,
                           absl::string_view label) {
        entries.push_back(MakeFlatEntry(suffix, stored, label));
      });
  if (!status.ok()) return status;
  const std::lock_guard<std::mutex> lock(write_mutex_);
  Publish(std::make_shared<FlatSnapshot>(std::move(entries)));
  return absl::OkStatus();
}

absl::Status FlatStore::Apply(const Changes& changes) {
  for (const Changes::Change& change : changes.changes()) {
    const absl::Status status = CheckCanStore(change);
    if (!status.ok()) return status;
  }
  const std::lock_guard<std::mutex> lock(write_mutex_);
  const std::shared_ptr<const FlatSnapshot> before = newest();
  Publish(std::make_shared<FlatSnapshot>(
      Merge(*before, FinalEntriesOf(changes, *before))));
  return absl::OkStatus();
}

size_t FlatStore::ApproximateMemory() const {
  return sizeof *this + newest()->ApproximateMemory();
}

std::shared_ptr<const FlatSnapshot> FlatStore::newest() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return newest_;
}

void FlatStore::Publish(std::shared_ptr<const FlatSnapshot> next) {
  const std::lock_guard<std::mutex> lock(mutex_);
  // Swapped, so that the old snapshot is destroyed with `next`, after the lock
  // is released.
  newest_.swap(next);
}

}  // namespace acme
