// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_DIR_H_
#define STORE_VALUES_VALUE_DIR_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "store/cow_tree/cow_tree.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// An inner page of a ValueTree: finds the child that holds a rank. One
// allocation:
//
//   +--------+---------+-----+-----------+-------+-----+---------+
//   | header | child 0 | ... | child n-1 | end 0 | ... | end n-1 |
//   +--------+---------+-----+-----------+-------+-----+---------+
//
// End i is the number of values below children 0 to i.
//
// Pages are full after loading, so a multiplication predicts the child of a
// rank, and the ends confirm it. Where pages are not full and the prediction is
// wrong, the ends are searched.
//
// Immutable, so safe for concurrent use.
class ValueDir : public Block {
 public:
  static constexpr size_t kMaxChildren = 128;

  // A page or a dir, and the number of values below it.
  struct Child {
    const Block* page;
    size_t size;
  };

  // Requires at least one child, at least one value below each child, and less
  // than 2^32 values in total.
  static const ValueDir* Make(uint64_t birth, absl::Span<const Child> children);

  // A copy with some children replaced. Costs a memory copy, and some additions
  // for each child whose size changes.
  const ValueDir* CopyWithChildren(
      uint64_t birth, absl::Span<const NewChild<Child>> changes) const;

  size_t memory() const override;

  size_t count() const { return count_; }  // children
  const Block* child(size_t i) const { return children()[i]; }
  absl::Span<const Block* const> children() const {
    return {reinterpret_cast<const Block* const*>(this + 1), count_};
  }

  // The ranks of the values below child i, relative to the first rank of the
  // dir.
  size_t begin(size_t i) const { return i == 0 ? 0 : ends()[i - 1]; }
  size_t end(size_t i) const { return ends()[i]; }
  size_t size(size_t i) const { return end(i) - begin(i); }
  size_t size() const { return end(count_ - 1); }  // of all children

  // The child that holds `rank`. Requires rank < end(count() - 1).
  size_t ChildFor(size_t rank) const {
    const size_t guess = (rank * scale_) >> 32;
    if (guess < count_ && begin(guess) <= rank && rank < end(guess)) {
      return guess;
    }
    return SearchChildFor(rank);
  }

 private:
  ValueDir(uint64_t birth, size_t count)
      : Block(birth), count_(static_cast<uint32_t>(count)) {}

  static ValueDir* Allocate(uint64_t birth, size_t count);
  // Called after the ends are set.
  void SetScale();

  size_t SearchChildFor(size_t rank) const;

  // The arrays follow the header.
  const Block** mutable_children() {
    return reinterpret_cast<const Block**>(this + 1);
  }
  const uint32_t* ends() const {
    return reinterpret_cast<const uint32_t*>(
        reinterpret_cast<const Block* const*>(this + 1) + count_);
  }
  uint32_t* mutable_ends() {
    return reinterpret_cast<uint32_t*>(mutable_children() + count_);
  }

  uint64_t scale_ = 0;  // children a value, times 2^32
  const uint32_t count_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_DIR_H_
