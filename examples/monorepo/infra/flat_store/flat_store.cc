// SPDX-License-Identifier: Apache-2.0

#include "infra/flat_store/flat_store.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "infra/flat_store/flat_snapshot.h"
#include "passpersist/oid.h"
#include "passpersist/read_contents.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace acme {

using passpersist::Changes;
using passpersist::Contents;
using passpersist::Oid;
using passpersist::Snapshot;
using passpersist::StoredValue;

namespace {

// Returns the entries of `before` with `changes` applied.
std::vector<FlatEntry> Merge(const FlatSnapshot& before,
                             const Changes& changes) {
  std::vector<FlatEntry> after;
  auto old = before.entries().begin();
  for (const Changes::NetChange& change : changes.Normalized()) {
    const auto arcs = change.suffix->arcs();
    const auto next = before.entries().begin() + before.Find(arcs);
    after.insert(after.end(), old, next);
    old = next;
    absl::string_view label = change.label.value_or("");
    if (old != before.entries().end() && arcs == old->arcs) {
      if (!change.label) label = old->label;
      ++old;
    }
    if (change.value != nullptr) {
      after.push_back(MakeFlatEntry(*change.suffix, *change.value, label));
    }
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
  const absl::Status status = passpersist::ReadContents(
      contents, [&](const Oid& suffix, const StoredValue& stored,
                    absl::string_view label) {
        entries.push_back(MakeFlatEntry(suffix, stored, label));
      });
  if (!status.ok()) return status;
  const std::lock_guard<std::mutex> lock(write_mutex_);
  Publish(std::make_shared<FlatSnapshot>(std::move(entries)));
  return absl::OkStatus();
}

absl::Status FlatStore::Apply(const Changes& changes) {
  const std::lock_guard<std::mutex> lock(write_mutex_);
  const std::shared_ptr<const FlatSnapshot> before = newest();
  Publish(std::make_shared<FlatSnapshot>(Merge(*before, changes)));
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
