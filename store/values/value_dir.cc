// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_dir.h"

#include <algorithm>
#include <cstring>

namespace passpersist::store_internal {
namespace {

constexpr size_t kChildSize = sizeof(const Block*) + sizeof(uint32_t);

}  // namespace

ValueDir* ValueDir::Allocate(uint64_t birth, size_t count) {
  const size_t size = sizeof(ValueDir) + count * kChildSize;
  return new (size) ValueDir(birth, count);
}

const ValueDir* ValueDir::Make(uint64_t birth,
                               absl::Span<const Child> children) {
  ValueDir* const dir = Allocate(birth, children.size());
  uint32_t end = 0;
  for (size_t i = 0; i < children.size(); ++i) {
    dir->mutable_children()[i] = children[i].page;
    end += static_cast<uint32_t>(children[i].size);
    dir->mutable_ends()[i] = end;
  }
  dir->SetScale();
  return dir;
}

const ValueDir* ValueDir::CopyWithChildren(
    uint64_t birth, absl::Span<const NewChild<Child>> changes) const {
  ValueDir* const copy = Allocate(birth, count_);
  std::memcpy(copy->mutable_children(), children().data(), count_ * kChildSize);
  for (const auto& [place, child] : changes) {
    copy->mutable_children()[place] = child.page;
    // Modulo 2^32, if the new child is smaller.
    const auto more = static_cast<uint32_t>(child.size - size(place));
    if (more == 0) continue;
    for (size_t i = place; i < count_; ++i) copy->mutable_ends()[i] += more;
  }
  copy->SetScale();
  return copy;
}

void ValueDir::SetScale() {
  // Without the last child, which is often smaller than the others, which often
  // have equal sizes. Rounded up, so that the first rank of a child is not
  // predicted to be in the child before.
  const uint64_t others = count_ > 1 ? count_ - 1 : 1;
  scale_ = (others << 32) / ends()[others - 1] + 1;
}

size_t ValueDir::SearchChildFor(size_t rank) const {
  return static_cast<size_t>(std::upper_bound(ends(), ends() + count_, rank) -
                             ends());
}

size_t ValueDir::memory() const { return sizeof *this + count_ * kChildSize; }

}  // namespace passpersist::store_internal
