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
// its address. The block itself owns no box; see PackedPage.
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

  PackedValues(const PackedValues&) = delete;
  PackedValues& operator=(const PackedValues&) = delete;

  PackedValue Get(size_t i) const;

  // True if all values are numbers of that type, which own nothing, so that one
  // can take the place of another.
  bool HoldsOnlyNumbersOf(ValueTag tag) const {
    return tag_ == tag && tag != ValueTag::kBox &&
           (form_ == Form::k4Bytes || form_ == Form::k8Bytes);
  }

  // For copies that nobody else has yet. Requires HoldsOnlyNumbersOf(its type).
  void SetNumber(size_t i, uint64_t number);

 private:
  enum class Form : uint8_t { k4Bytes, k8Bytes, kStrings, kSeveralTypes };
  struct Plan;

  explicit PackedValues(const Plan& plan);

  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  char* data() { return reinterpret_cast<char*>(this + 1); }

  Form form_;
  ValueTag tag_;  // of all; without meaning where there are several
  uint8_t count_;
  uint8_t end_width_;
};

}  // namespace passpersist::internal

#endif  // STORE_PACKED_VALUES_H_
