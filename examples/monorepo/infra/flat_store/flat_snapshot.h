// SPDX-License-Identifier: Apache-2.0

#ifndef INFRA_FLAT_STORE_FLAT_SNAPSHOT_H_
#define INFRA_FLAT_STORE_FLAT_SNAPSHOT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/stored_value.h"

namespace acme {

// One value of a FlatStore.
//
// A value type.
struct FlatEntry {
  // The arcs of the suffix. Not an Oid, because an Oid reserves room for 16
  // arcs, which most suffixes do not need.
  std::vector<uint32_t> arcs;
  passpersist::StoredValue value;
  std::string label;
};

FlatEntry MakeFlatEntry(const passpersist::Oid& suffix,
                        passpersist::StoredValue stored,
                        absl::string_view label);

// The contents of a FlatStore at one moment: entries in the order of their
// suffixes.
//
// Immutable, so safe for concurrent use.
class FlatSnapshot : public passpersist::Snapshot,
                     public std::enable_shared_from_this<FlatSnapshot> {
 public:
  explicit FlatSnapshot(std::vector<FlatEntry> entries)
      : entries_(std::move(entries)) {}

  std::unique_ptr<passpersist::Iterator> NewIterator() const override;
  size_t size() const override { return entries_.size(); }

  const std::vector<FlatEntry>& entries() const { return entries_; }

  // Returns the position of the first entry that is not before `arcs`, or
  // entries().size() if there is none.
  size_t Find(absl::Span<const uint32_t> arcs) const;

  // Returns the size in bytes, without the memory of the functions of computed
  // values. O(n).
  size_t ApproximateMemory() const;

 private:
  const std::vector<FlatEntry> entries_;
};

}  // namespace acme

#endif  // INFRA_FLAT_STORE_FLAT_SNAPSHOT_H_
