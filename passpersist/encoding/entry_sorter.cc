// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/entry_sorter.h"

namespace passpersist::internal {

void EntrySorter::AddUnsorted(const Oid& suffix, const PackedValue& value,
                              absl::string_view label) {
  constexpr size_t kMaxBytes = size_t{1} << 24;
  unsorted_.Add(suffix, value, label);
  if (unsorted_.size() < kMaxUnsorted && unsorted_.bytes() < kMaxBytes) return;
  runs_.push_back(unsorted_.Sorted());
  unsorted_ = UnsortedEntries();
}

size_t EntrySorter::MemoryUsage() const {
  size_t memory =
      runs_.capacity() * sizeof(EntryBuffer) + unsorted_.MemoryUsage();
  for (const EntryBuffer& run : runs_) memory += run.MemoryUsage();
  return memory;
}

}  // namespace passpersist::internal
