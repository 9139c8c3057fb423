// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_COLUMN_VALUES_H_
#define PASSPERSIST_ENCODING_COLUMN_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/base/optimization.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/byte_buffer.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/encoding/string_run.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// The values of a table column, packed and accessed by position:
//
//   numbers of one type   bytes  | value 0 | value 1 | ... |   4 or 8 each
//
//   other values          bytes  | value 0 | value 1 | ... |   numbers too
//                         ends   4 bytes each, from the start of their block
//                                of kBlock values
//                         tags   1 byte each; none if all are of one type
//
// The numbers of a column may stay in the caller's vector, which is then moved
// here. A SharedValue is stored as a number, its address; the column holds a
// reference to it.
//
// Used by one thread at a time; safe for concurrent reading.
class ColumnValues {
 public:
  // Takes over the vector without copying or changing a number. T is a number
  // type of value.h. No value can be added to the result.
  template <typename T>
  static ColumnValues FromNumbers(std::vector<T> numbers);

  // Copies the value, and takes a reference to its SharedValue if it has one.
  void Add(const PackedValue& value);

  // The same for a string that is no SharedValue.
  void AddString(ValueTag tag, absl::string_view bytes) {
    // AppendOther() for a string of the type of those before, in their block.
    if (ABSL_PREDICT_FALSE(tag != tag_ || size_ % kBlock == 0 || width_ != 0 ||
                           !tags_.empty())) {
      return AppendOther(tag, 0, bytes);
    }
    bytes_.Append(bytes);
    ends_.push_back(static_cast<uint32_t>(bytes_.size() - starts_.back()));
    ++size_;
  }

  // For columns of numbers of one type that are written in place. MakeRoom()
  // returns memory for one or more numbers after the last one; the numbers that
  // were written until `end` are added by CommitNumbers().
  struct Room {
    char* begin;
    char* end;
  };
  Room MakeRoom(ValueTag tag);
  // Returns how many numbers were added.
  size_t CommitNumbers(const char* end);

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // The result is valid until a value is added. O(1).
  PackedValue Get(size_t i) const;

  // All values side by side, NumberSize(tag()) bytes each in the byte order of
  // the machine, if they are numbers of one type and none is a SharedValue;
  // else empty.
  absl::string_view numbers() const {
    if (width_ == 0) return {};
    return {data(), size_ * width_};
  }
  // The type of all values. Meaningful if numbers() is not empty or
  // are_strings() is true.
  ValueTag tag() const { return tag_; }

  // True if all values are strings of one type, tag().
  bool are_strings() const {
    return size_ > 0 && width_ == 0 && tags_.empty() && NumberSize(tag_) == 0;
  }
  // Calls `use` with a StringRun for each block. Requires are_strings().
  template <typename Use>
  void ForEachRun(Use use) const {
    const absl::Span<const uint32_t> ends = ends_;
    for (size_t block = 0; block < starts_.size(); ++block) {
      use(StringRun{data() + starts_[block], 0,
                    ends.subspan(block * kBlock, kBlock)});
    }
  }

  // The same values in another order: value i of the result is value order[i].
  // Values that `order` lacks are left out.
  ColumnValues Permuted(absl::Span<const size_t> order) const;

  // What the values take.
  //
  // A value type.
  struct Extent {
    size_t bytes = 0;
    size_t ends = 0;
    size_t tags = 0;
  };
  Extent extent() const {
    return {moved_ == nullptr ? bytes_.size() : numbers().size(), ends_.size(),
            tags_.size()};
  }
  // Allocates memory for values of that extent.
  void Reserve(const Extent& extent);

  size_t MemoryUsage() const;

 private:
  static constexpr size_t kBlock = 4096;

  const char* data() const {
    return moved_ == nullptr ? bytes_.data() : moved_data_;
  }
  size_t Begin(size_t i) const {
    return starts_[i / kBlock] + (i % kBlock == 0 ? 0 : ends_[i - 1]);
  }
  // Adds a number that is not the address of a SharedValue.
  void AddNumber(ValueTag tag, uint64_t number);
  // Leaves the form "numbers of one type": adds the end of each value.
  void AddEnds();
  // Appends a number if `tag` is a number type, else `bytes`.
  void AppendOther(ValueTag tag, uint64_t number, absl::string_view bytes);

  size_t size_ = 0;
  size_t width_ = 0;  // of each number if all are of one type, else 0
  ValueTag tag_ = ValueTag::kInteger32;
  ByteBuffer bytes_;
  std::vector<size_t> starts_;  // of each block of values
  std::vector<uint32_t> ends_;
  std::vector<ValueTag> tags_;
  SharedValueRefs shared_values_;
  std::shared_ptr<const void> moved_;
  const char* moved_data_ = nullptr;
};

// Moves the lower `width` bytes of `number` to the first `width` bytes in
// memory, whichever byte order the machine has.
inline uint64_t InMemoryOrder(uint64_t number, size_t width) {
  if (width == sizeof number) return number;
  const auto lower = static_cast<uint32_t>(number);
  std::memcpy(&number, &lower, sizeof lower);
  return number;
}

// The tag of a number type of value.h.
template <typename T>
constexpr ValueTag NumberTag() {
  if constexpr (std::is_same_v<T, Integer32>) return ValueTag::kInteger32;
  if constexpr (std::is_same_v<T, Counter32>) return ValueTag::kCounter32;
  if constexpr (std::is_same_v<T, Counter64>) return ValueTag::kCounter64;
  if constexpr (std::is_same_v<T, Gauge32>) return ValueTag::kGauge32;
  if constexpr (std::is_same_v<T, TimeTicks>) return ValueTag::kTimeTicks;
  if constexpr (std::is_same_v<T, IpAddress>) return ValueTag::kIpAddress;
  return ValueTag::kOutOfLine;
}
template <typename T>
constexpr bool kIsNumber = NumberTag<T>() != ValueTag::kOutOfLine;

// The value of PackedValue::number for `value`.
template <typename T>
uint64_t NumberOf(const T& value) {
  static_assert(kIsNumber<T> && std::is_trivially_copyable_v<T>);
  std::conditional_t<sizeof(T) == sizeof(uint32_t), uint32_t, uint64_t> number;
  static_assert(sizeof number == sizeof value);
  std::memcpy(&number, &value, sizeof number);
  return number;
}

template <typename T>
ColumnValues ColumnValues::FromNumbers(std::vector<T> numbers) {
  static_assert(kIsNumber<T> && sizeof(T) == NumberSize(NumberTag<T>()) &&
                std::is_trivially_copyable_v<T>);
  ColumnValues column;
  column.size_ = numbers.size();
  column.width_ = sizeof(T);
  column.tag_ = NumberTag<T>();
  auto moved = std::make_shared<const std::vector<T>>(std::move(numbers));
  column.moved_data_ = reinterpret_cast<const char*>(moved->data());
  column.moved_ = std::move(moved);
  return column;
}

inline void ColumnValues::AddNumber(ValueTag tag, uint64_t number) {
  const size_t width = NumberSize(tag);
  if (size_ == 0) {
    width_ = width;
    tag_ = tag;
  }
  if (width_ == width && tag_ == tag) {
    bytes_.AppendNumber(InMemoryOrder(number, width), width);
    ++size_;
  } else {
    AppendOther(tag, number, {});
  }
}

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_COLUMN_VALUES_H_
