// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_PAGE_H_
#define STORE_VALUES_VALUE_PAGE_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/encoding/string_run.h"
#include "store/block/packed_strings.h"
#include "store/block/packed_values.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// Consecutive values of a ValueTree, with their labels. One allocation:
//
//   +--------+--------------+------------------------+
//   | header | PackedValues | labels (PackedStrings) |
//   +--------+--------------+------------------------+
//
// The labels are there only if a value has one. The numbers of a column begin
// at byte 32, so that none of them lies in two cache lines.
//
// The values of a column are read one at a time, each at a place that is known
// before the page is touched: one cache line for the header, which a walk has
// already, and one for the value, fetched side by side. So pages are large.
//
// Immutable, so safe for concurrent use.
class ValuePage : public Block {
 public:
  static constexpr size_t kMaxValues = 240;

  // Requires a value or more. `labels` may be empty, which means that all are.
  // The page shares the boxes among the values.
  static const ValuePage* Make(uint64_t birth,
                               absl::Span<const internal::PackedValue> values,
                               absl::Span<const absl::string_view> labels);

  // The same of `count` numbers that lie one behind the other, each of
  // NumberSize(tag) bytes. Costs a copy of memory.
  static const ValuePage* MakeOfNumbers(uint64_t birth, internal::ValueTag tag,
                                        const char* numbers, size_t count);

  // The same of strings of one type.
  static const ValuePage* MakeOfStrings(uint64_t birth, internal::ValueTag tag,
                                        const internal::StringRun& strings);

  // A copy with other values, which are no boxes, in the place of some: by
  // place, labels stay. Costs little more than a copy of memory. Null if the
  // values would be packed in another way.
  const ValuePage* CopyWith(uint64_t birth,
                            PackedValues::NewValues changes) const;

  size_t memory() const override;

  size_t count() const { return values().count(); }
  internal::PackedValue value(size_t i) const { return values().Get(i); }
  absl::string_view label(size_t i) const {
    if (labels_at_ == 0) return {};
    return PackedStrings(At(labels_at_), count())[i];
  }

  bool HoldsOnly(internal::ValueTag tag) const {
    return values().HoldsOnly(tag);
  }

  // Begins to fetch what a walk from the first value on reads first.
  void Prefetch() const { PrefetchValue(0); }

  // Begins to fetch what value(i) reads, if it is a number or a short string,
  // without waiting for the header, which tells which.
  void PrefetchValue(size_t i) const {
    __builtin_prefetch(this);
    __builtin_prefetch(At(sizeof *this + 4 * i));
    __builtin_prefetch(At(sizeof *this + 8 * i));
  }

 private:
  ValuePage(uint64_t birth, size_t size)
      : Block(birth), size_(static_cast<uint32_t>(size)) {}
  ~ValuePage() override;

  static ValuePage* Allocate(uint64_t birth, size_t size);

  static constexpr size_t ValuesAt() {
    return sizeof(ValuePage) - sizeof(PackedValues);
  }
  const PackedValues& values() const {
    return *reinterpret_cast<const PackedValues*>(At(ValuesAt()));
  }
  const char* At(size_t offset) const {
    return reinterpret_cast<const char*>(this) + offset;
  }
  char* At(size_t offset) { return reinterpret_cast<char*>(this) + offset; }

  const uint32_t size_;     // of the allocation
  uint32_t labels_at_ = 0;  // 0: none
  // Ends with the header of the values: what they hold lies behind it.
  [[maybe_unused]] char values_header_[8];
};
static_assert(sizeof(ValuePage) == 32);

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_PAGE_H_
