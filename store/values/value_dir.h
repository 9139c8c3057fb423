// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_DIR_H_
#define STORE_VALUES_VALUE_DIR_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// An inner page of a ValueTree: where values of which ranks are. One
// allocation:
//
//   +--------+---------+-----+-----------+-------+-----+---------+
//   | header | child 0 | ... | child n-1 | end 0 | ... | end n-1 |
//   +--------+---------+-----+-----------+-------+-----+---------+
//
// End i says how many values lie below children 0 to i together.
//
// Pages that were loaded are full, so that the child of a rank is known by a
// multiplication; the ends say whether it is the right one. Where pages are
// not full, the ends are searched.
//
// Immutable, so safe for concurrent use.
class ValueDir : public Block {
 public:
  static constexpr size_t kMaxChildren = 128;

  // A page or a dir, and how many values it has.
  struct Child {
    const Block* block;
    size_t size;
  };

  // Requires children, with a value or more each, less than 2^32 together.
  static const ValueDir* Make(uint64_t birth, absl::Span<const Child> children);

  // A copy with others in the place of some children. Costs a copy of memory,
  // and some additions where a child has got larger or smaller.
  struct NewChild {
    size_t place;
    Child child;
  };
  const ValueDir* CopyWith(uint64_t birth,
                           absl::Span<const NewChild> changes) const;

  size_t memory() const override;

  size_t count() const { return count_; }  // children
  const Block* child(size_t i) const { return children()[i]; }

  // The ranks below child i, relative to those of the dir.
  size_t begin(size_t i) const { return i == 0 ? 0 : ends()[i - 1]; }
  size_t end(size_t i) const { return ends()[i]; }
  size_t size(size_t i) const { return end(i) - begin(i); }
  size_t size() const { return end(count_ - 1); }  // of all children

  // The child below which `rank` is. Requires rank < end(count() - 1).
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
  // Requires the ends.
  void SetScale();

  size_t SearchChildFor(size_t rank) const;

  // The arrays lie behind the header.
  const Block* const* children() const {
    return reinterpret_cast<const Block* const*>(this + 1);
  }
  const Block** children() { return reinterpret_cast<const Block**>(this + 1); }
  const uint32_t* ends() const {
    return reinterpret_cast<const uint32_t*>(children() + count_);
  }
  uint32_t* ends() { return reinterpret_cast<uint32_t*>(children() + count_); }

  uint64_t scale_ = 0;  // 2^32 children a value
  const uint32_t count_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_DIR_H_
