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

// A leaf page of a ValueTree: consecutive values with their labels. One
// allocation:
//
//   +--------+--------------+------------------------+
//   | header | PackedValues | labels (PackedStrings) |
//   +--------+--------------+------------------------+
//
// The labels are stored only if a value has one. The numbers of a column begin
// at byte 32, so that no number is in two cache lines.
//
// The values of a column are read one at a time, and the place of a value is
// known before the page is read. A read costs one cache line for the header,
// which a walk has read already, and one for the value; both are fetched in
// parallel. Pages can therefore be large.
//
// Immutable, so safe for concurrent use.
class ValuePage : public Block {
 public:
  static constexpr size_t kMaxValues = 240;

  // Requires one value or more. An empty `labels` means that all labels are
  // empty. The page takes a reference to each SharedValue among the values.
  static const ValuePage* Make(uint64_t birth,
                               absl::Span<const internal::PackedValue> values,
                               absl::Span<const absl::string_view> labels);

  // The same for `count` contiguous numbers of NumberSize(tag) bytes each.
  // Costs a memory copy.
  static const ValuePage* MakeOfNumbers(uint64_t birth, internal::ValueTag tag,
                                        const char* numbers, size_t count);

  // The same for strings of one type.
  static const ValuePage* MakeOfStrings(uint64_t birth, internal::ValueTag tag,
                                        const internal::StringRun& strings);

  // A copy with the values of `changes`, which are sorted by place and not
  // stored out of line. Labels stay. Costs little more than a memory copy. Null
  // if the values need another form.
  const ValuePage* CopyWithValues(uint64_t birth,
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

  // Begins to fetch what a walk reads first: the header and the first value.
  void Prefetch() const { PrefetchValue(0); }

  // Begins to fetch what value(i) reads, if it is a number or a short string.
  // Fetches the places for both sizes of numbers, since only the header, for
  // which this does not wait, has the size.
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
  // The PackedValues header ends this class; the values follow it.
  [[maybe_unused]] char values_header_[8];
};
static_assert(sizeof(ValuePage) == 32);

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_PAGE_H_
