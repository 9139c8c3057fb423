#ifndef STORE_PACKED_VALUES_H_
#define STORE_PACKED_VALUES_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "passpersist/internal/packed_value.h"
#include "store/packed_strings.h"

namespace passpersist::internal {

// The values of a page, by position, in the form that their types allow:
//
//   numbers of one type   +--------+---------+---------+-----+
//                         | header | value 0 | value 1 | ... |   4 or 8 bytes
//                         +--------+---------+---------+-----+   each
//   strings of one type   +--------+---------------+
//                         | header | PackedStrings |
//                         +--------+---------------+
//   several types         +--------+-------+-------+-----+---------------+
//                         | header | tag 0 | tag 1 | ... | PackedStrings |
//                         +--------+-------+-------+-----+---------------+
//
// A page lies in a column of a table, mostly, so that the type is the same.
// Among several types a number is a string of 4 or 8 bytes. A box is a number:
// its address. Whose the shares in the boxes are, the page decides.
//
// Immutable, so safe for concurrent use. Lives in the memory of its page: can't
// be copied, and the bytes lie behind it.
class PackedValues {
 public:
  // The bytes that a block of `values` takes, header included.
  static size_t Size(absl::Span<const PackedValue> values);

  // Makes a block of `values`, of which there are up to 255, in `memory`, which
  // has Size() bytes.
  static const PackedValues* Write(absl::Span<const PackedValue> values,
                                   char* memory);

  // The same for `count` numbers that lie one behind the other, each of
  // NumberSize(tag) bytes.
  static size_t SizeOfNumbers(ValueTag tag, size_t count);
  static const PackedValues* WriteNumbers(ValueTag tag, const char* numbers,
                                          size_t count, char* memory);

  PackedValues(const PackedValues&) = delete;
  PackedValues& operator=(const PackedValues&) = delete;

  size_t count() const { return count_; }
  PackedValue Get(size_t i) const;

  // True if all values are of that type.
  bool HoldsOnly(ValueTag tag) const {
    return tag_ == tag && form_ != Form::kSeveralTypes;
  }

  // True if all values are numbers of that type, which own nothing, so that one
  // can take the place of another.
  bool HoldsOnlyNumbersOf(ValueTag tag) const {
    return HoldsOnly(tag) && tag != ValueTag::kBox && form_ != Form::kStrings;
  }

  // Takes a share in each box, gives it back, tells the bytes of all boxes.
  void RefBoxes() const;
  void UnrefBoxes() const;
  size_t BoxMemory() const;

  // For copies that nobody else has yet. Requires HoldsOnlyNumbersOf(its type).
  void SetNumber(size_t i, uint64_t number);

 private:
  enum class Form : uint8_t { k4Bytes, k8Bytes, kStrings, kSeveralTypes };
  struct Plan;

  explicit PackedValues(const Plan& plan);

  // Calls `f` with each box.
  template <typename F>
  void ForEachBox(F f) const;

  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  char* data() { return reinterpret_cast<char*>(this + 1); }

  Form form_;
  ValueTag tag_;  // of all; without meaning where there are several
  uint8_t count_;
  uint8_t end_width_;
};

}  // namespace passpersist::internal

#endif  // STORE_PACKED_VALUES_H_
