// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BLOCK_PACKED_VALUES_H_
#define STORE_BLOCK_PACKED_VALUES_H_

#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/encoding/string_run.h"
#include "store/block/packed_strings.h"

namespace passpersist::store_internal {

// The values of a page, by position, in the smallest form that their types
// allow:
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
// Most pages belong to one column of a table, so their values have one type.
// With several types, a number is stored as a string of 4 or 8 bytes. A value
// that is stored out of line is the address of its SharedValue, a number; the
// block owns a reference to it.
//
// Immutable, so safe for concurrent use. Placed in the memory of its page,
// which calls the destructor: it cannot be copied, and its bytes follow it.
class PackedValues {
  enum class Form : uint8_t { k4Bytes, k8Bytes, kStrings, kSeveralTypes };

 public:
  // A value that replaces the value at `place`.
  struct NewValue {
    size_t place;
    internal::PackedValue value;
  };
  using NewValues = absl::Span<const NewValue>;

  // The form and the sizes of a block.
  //
  // A value type.
  class Layout {
   public:
    // Of up to 255 values.
    explicit Layout(absl::Span<const internal::PackedValue> values);
    // Of the values of `old` with some of them replaced. Requires
    // old.KeepsFormWith(changes).
    Layout(const PackedValues& old, NewValues changes);

    // Of strings of one type.
    Layout(internal::ValueTag tag, const internal::StringRun& strings);

    // The bytes of the block, header included.
    size_t Size() const;

   private:
    friend class PackedValues;
    // Of numbers of one type.
    Layout(internal::ValueTag tag, size_t count);

    size_t count_;
    Form form_;
    internal::ValueTag tag_ = internal::ValueTag::kInteger32;
    size_t numbers_ = 0;         // bytes, if all values are numbers of one type
    PackedStringsForm strings_;  // otherwise
  };

  // Makes a block in `memory`, which has layout.Size() bytes. `values` are the
  // values of the layout.
  static const PackedValues* Write(
      const Layout& layout, absl::Span<const internal::PackedValue> values,
      char* memory);
  // The same with the values of this block, some of which `changes` replace.
  // Costs a memory copy, and sums of sizes where strings change.
  const PackedValues* WriteWith(const Layout& layout, NewValues changes,
                                char* memory) const;

  // The same for the strings of the layout.
  static void WriteStrings(const Layout& layout,
                           const internal::StringRun& strings, char* memory);

  // The same for `count` contiguous numbers of NumberSize(tag) bytes each.
  static size_t SizeOfNumbers(internal::ValueTag tag, size_t count);
  static const PackedValues* WriteNumbers(internal::ValueTag tag,
                                          const char* numbers, size_t count,
                                          char* memory);

  PackedValues(const PackedValues&) = delete;
  PackedValues& operator=(const PackedValues&) = delete;
  ~PackedValues();

  size_t count() const { return count_; }
  internal::PackedValue Get(size_t i) const {
    if (form_ == Form::k4Bytes) {
      return {tag_, LoadAs<uint32_t>(data() + 4 * i), {}};
    }
    if (form_ == Form::k8Bytes) {
      return {tag_, LoadAs<uint64_t>(data() + 8 * i), {}};
    }
    return GetString(i);
  }

  // True if all values are of type `tag`.
  bool HoldsOnly(internal::ValueTag tag) const {
    return tag_ == tag && form_ != Form::kSeveralTypes;
  }

  // True if the block keeps its form with these values, none of which is stored
  // out of line: its single type, or several types if it has several.
  bool KeepsFormWith(NewValues changes) const;

  // The bytes of all SharedValues.
  size_t SharedMemory() const;

 private:
  explicit PackedValues(const Layout& layout);

  // For blocks that are not numbers of one type.
  internal::PackedValue GetString(size_t i) const;

  // Takes a reference to each SharedValue, for the destructor to drop.
  void RefSharedValues() const;
  // Calls `f` with each SharedValue.
  template <typename F>
  void ForEachSharedValue(F f) const;

  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  // The strings, if the block is not numbers of one type.
  PackedStrings Strings() const {
    const size_t tags = form_ == Form::kSeveralTypes ? count_ : 0;
    return {data() + tags, count_};
  }

  Form form_;
  internal::ValueTag tag_;  // of all values; meaningless if there are several
  uint8_t count_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_PACKED_VALUES_H_
