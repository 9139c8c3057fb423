// SPDX-License-Identifier: Apache-2.0

#include "store/btree/key_tree_traits.h"

#include <algorithm>

#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::store_internal {

Division KeyTreeTraits::Divide(const KeyPage& inner, int /*level*/,
                               size_t /*begin*/,
                               absl::Span<const NormalizedChange> edits) {
  const size_t i = inner.ChildFor(edits.front().key);
  if (i + 1 == inner.count()) return {i, edits.size()};
  const auto end = std::partition_point(
      edits.begin(), edits.end(), [&](const NormalizedChange& edit) {
        return inner.keys().Compare(i, edit.key) > 0;  // the separator after it
      });
  return {i, static_cast<size_t>(end - edits.begin())};
}

KeyTreeTraits::Entries KeyTreeTraits::BeginEntries(const Child& leaf,
                                                   size_t count) {
  Entries entries;
  entries.separator = leaf.separator;
  entries.keys.reserve(count);
  entries.Reserve(count);
  return entries;
}

void KeyTreeTraits::AddEntries(const KeyPage& leaf, size_t begin, size_t end,
                               internal::ByteArena* arena, Entries* entries) {
  for (size_t i = begin; i < end; ++i) {
    entries->keys.push_back(CopyKey(leaf, i, arena));
    entries->Add(leaf.value(i), leaf.label(i));
  }
}

KeyTreeTraits::Child KeyTreeTraits::MakeLeaf(uint64_t birth,
                                             const Entries& entries,
                                             size_t begin, size_t count) {
  const auto slice = [&](const auto& list) {
    return absl::MakeConstSpan(list).subspan(begin, count);
  };
  // The shortest separator keeps inner pages small. Those of inner levels are
  // separators already. The first leaf of the entries keeps the separator of
  // the leaf that they began in.
  return {KeyPage::MakeLeaf(birth, slice(entries.keys), slice(entries.values),
                            slice(entries.labels)),
          begin == 0 ? entries.separator
                     : internal::ShortestSeparator(entries.keys[begin - 1],
                                                   entries.keys[begin])};
}

absl::string_view KeyTreeTraits::CopyKey(const KeyPage& page, size_t i,
                                         internal::ByteArena* arena) {
  const PackedKeys& keys = page.keys();
  const size_t size = keys.KeySize(i);
  char* const copy = arena->Reserve(size + PackedKeys::kSlack);
  keys.CopyKey(i, copy);
  arena->Commit(size);
  return {copy, size};
}

template class CowEditor<KeyTreeTraits>;

}  // namespace passpersist::store_internal
