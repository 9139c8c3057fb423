#include "store/value_dir.h"

#include <algorithm>
#include <new>

namespace passpersist::internal {
namespace {

constexpr size_t kChildSize = sizeof(const Part*) + sizeof(uint32_t);

}  // namespace

const ValueDir* ValueDir::Make(uint64_t birth,
                               absl::Span<const Child> children) {
  void* const memory =
      ::operator new(sizeof(ValueDir) + children.size() * kChildSize);
  return new (memory) ValueDir(birth, children);
}

ValueDir::ValueDir(uint64_t birth, absl::Span<const Child> children)
    : Part(birth), count_(static_cast<uint32_t>(children.size())) {
  auto* const parts = reinterpret_cast<const Part**>(this + 1);
  auto* const ends = reinterpret_cast<uint32_t*>(parts + count_);
  uint32_t end = 0;
  for (size_t i = 0; i < count_; ++i) {
    parts[i] = children[i].part;
    end += static_cast<uint32_t>(children[i].size);
    ends[i] = end;
  }
  // The last child is often smaller than the others, which are equal. Rounded
  // up, so that the first value of a child does not fall into the one before.
  const uint64_t others = count_ > 1 ? count_ - 1 : 1;
  scale_ = (others << 32) / ends[others - 1] + 1;
}

size_t ValueDir::SearchChildFor(size_t rank) const {
  return static_cast<size_t>(std::upper_bound(ends(), ends() + count_, rank) -
                             ends());
}

size_t ValueDir::memory() const { return sizeof *this + count_ * kChildSize; }

}  // namespace passpersist::internal
