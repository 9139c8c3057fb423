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

// What becomes of the instances that changes name; none: they go.
using Outcome = std::map<Oid, std::optional<FlatEntry>>;

absl::Status CheckCanKeep(const Changes::Change& change) {
  if (!change.slot) return absl::OkStatus();
  const auto* const value = std::get_if<Value>(&*change.slot);
  if (value == nullptr || !IsException(*value)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(change.suffix.ToString(), ": cannot keep ",
                   passpersist::ToString(*value)));
}

Outcome OutcomeOf(const Changes& changes, const FlatSnapshot& before) {
  Outcome outcome;
  for (const Changes::Change& change : changes.changes()) {
    const auto [place, is_first] = outcome.try_emplace(change.suffix);
    std::optional<FlatEntry>& entry = place->second;
    if (is_first) {
      const size_t old = before.Find(change.suffix.arcs());
      if (old < before.size() &&
          change.suffix.arcs() == before.entries()[old].arcs) {
        entry = before.entries()[old];
      }
    }
    if (!change.slot) {
      entry.reset();
    } else if (entry && change.label.empty()) {
      entry->slot = *change.slot;
    } else {
      entry = MakeFlatEntry(change.suffix, *change.slot, change.label);
    }
  }
  return outcome;
}

// What `before` has, with `outcome` in its place where that says something.
std::vector<FlatEntry> Merge(const FlatSnapshot& before, Outcome outcome) {
  std::vector<FlatEntry> after;
  after.reserve(before.size() + outcome.size());
  auto old = before.entries().begin();
  for (auto& [suffix, entry] : outcome) {
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
  const absl::Status status = contents.ForEach(
      [&](const Oid& suffix, const StoredValue& slot, absl::string_view label) {
        entries.push_back(MakeFlatEntry(suffix, slot, label));
      });
  if (!status.ok()) return status;
  const std::lock_guard<std::mutex> lock(writing_);
  Publish(std::make_shared<FlatSnapshot>(std::move(entries)));
  return absl::OkStatus();
}

absl::Status FlatStore::Apply(const Changes& changes) {
  for (const Changes::Change& change : changes.changes()) {
    const absl::Status status = CheckCanKeep(change);
    if (!status.ok()) return status;
  }
  const std::lock_guard<std::mutex> lock(writing_);
  const std::shared_ptr<const FlatSnapshot> before = newest();
  Publish(std::make_shared<FlatSnapshot>(
      Merge(*before, OutcomeOf(changes, *before))));
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
  // The old one may be destroyed by this: outside of the lock.
  newest_.swap(next);
}

}  // namespace acme
