// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_tree_traits.h"

#include <algorithm>
#include <variant>

#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace passpersist::store_internal {
namespace {

const ValuePage& LastPage(const Block* block, int level) {
  for (; level > 0; --level) {
    block = static_cast<const ValueDir*>(block)->children().back();
  }
  return static_cast<const ValuePage&>(*block);
}

internal::ValueTag TagOf(const StoredValue& stored) {
  const Value* const value = std::get_if<Value>(&stored);
  return value == nullptr ? internal::ValueTag::kOutOfLine
                          : static_cast<internal::ValueTag>(value->index());
}

// True for a new value that should be appended to `block`: its last page holds
// only values of the same type.
bool MayAppend(const ValueEdit& edit, const Block* block, int level) {
  return edit.is_new &&
         LastPage(block, level).HoldsOnly(TagOf(*edit.change->value));
}

}  // namespace

Division ValueTreeTraits::Divide(const ValueDir& dir, int level, size_t begin,
                                 absl::Span<const ValueEdit> edits) {
  const size_t rank = edits.front().rank - begin;
  size_t i =
      rank < dir.size() ? dir.ChildFor(rank) : dir.count() - 1;  // appended
  if (i > 0 && rank == dir.begin(i) &&
      MayAppend(edits.front(), dir.child(i - 1), level)) {
    --i;
  }
  if (i + 1 == dir.count()) return {i, edits.size()};
  // Besides the edits of ranks below `end`, new values at `end` that continue
  // the last page of child i.
  const size_t end = begin + dir.end(i);
  auto next =
      std::partition_point(edits.begin(), edits.end(),
                           [&](const ValueEdit& e) { return e.rank < end; });
  while (next != edits.end() && next->rank == end &&
         MayAppend(*next, dir.child(i), level)) {
    ++next;
  }
  return {i, static_cast<size_t>(next - edits.begin())};
}

template class CowEditor<ValueTreeTraits>;

}  // namespace passpersist::store_internal
