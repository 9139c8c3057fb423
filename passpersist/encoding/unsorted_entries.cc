// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/unsorted_entries.h"

#include <algorithm>
#include <array>

#include "passpersist/encoding/key_prefix.h"
#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::internal {
namespace {

struct Item {
  uint64_t prefix;  // the KeyPrefix() of its key
  uint32_t entry;
};

// Sorts by the prefix: a radix sort, byte by byte from the lowest one. In the
// keys of a table few bytes vary, and each of them costs one pass. std::sort()
// would take half of the time that it takes to make Contents.
void SortByPrefix(std::vector<Item>* items) {
  constexpr int kBits = 8;
  constexpr size_t kMask = (1 << kBits) - 1;
  uint64_t varying = 0;
  for (const Item& item : *items) {
    varying |= item.prefix ^ items->front().prefix;
  }
  std::vector<Item> sorted(items->size());
  for (int shift = 0; shift < 64; shift += kBits) {
    if ((varying >> shift & kMask) == 0) continue;
    const auto digit = [shift](const Item& item) {
      return static_cast<size_t>(item.prefix >> shift & kMask);
    };
    // Where the items with each digit begin: after those with a lower one.
    std::array<size_t, kMask + 2> begins = {};
    for (const Item& item : *items) ++begins[digit(item) + 1];
    for (size_t i = 0; i < kMask; ++i) begins[i + 1] += begins[i];
    for (const Item& item : *items) sorted[begins[digit(item)]++] = item;
    items->swap(sorted);
  }
}

}  // namespace

void UnsortedEntries::Add(const Oid& suffix, const PackedValue& value,
                          absl::string_view label) {
  char* const key = bytes_.ReserveMore(suffix.size() * kMaxPackedArcSize);
  bytes_.Commit(static_cast<size_t>(PackArcs(suffix.arcs(), key) - key));
  const auto key_end = static_cast<uint32_t>(bytes_.size());
  bytes_.Append(label);
  ends_.push_back({key_end, static_cast<uint32_t>(bytes_.size())});
  values_.Add(value);
}

EntryBuffer UnsortedEntries::Sorted() const {
  std::vector<Item> items;
  items.reserve(size());
  for (uint32_t i = 0; i < size(); ++i) items.push_back({KeyPrefix(Key(i)), i});
  SortByPrefix(&items);
  for (auto begin = items.begin(); begin != items.end();) {
    const auto end = std::find_if(begin, items.end(), [&](const Item& item) {
      return item.prefix != begin->prefix;
    });
    std::sort(begin, end, [this](const Item& a, const Item& b) {
      const int order = Key(a.entry).compare(Key(b.entry));
      return order == 0 ? a.entry > b.entry : order < 0;
    });
    begin = end;
  }
  EntryBuffer sorted;
  for (const Item& item : items) {
    sorted.Append(
        {Key(item.entry), 0, values_.Get(item.entry), Label(item.entry)});
  }
  return sorted;
}

size_t UnsortedEntries::MemoryUsage() const {
  return bytes_.capacity() + ends_.capacity() * sizeof(Ends) +
         values_.MemoryUsage();
}

}  // namespace passpersist::internal
