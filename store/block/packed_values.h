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
  enum class Form : uint8_t { k4Bytes, k8Bytes, kStrings, kSeveralTypes };

 public:
  // A value in the place of another one.
  struct NewValue {
    size_t place;
    internal::PackedValue value;
  };
  using NewValues = absl::Span<const NewValue>;

  // What a block will be like.
  //
  // A value type.
  class Layout {
   public:
    // Of up to 255 values.
    explicit Layout(absl::Span<const internal::PackedValue> values);
    // Of those of `old` with others in the place of some. Requires
    // old.KeepsFormWith(changes).
    Layout(const PackedValues& old, NewValues changes);

    // Of strings of one type.
    Layout(internal::ValueTag tag, const internal::StringRun& strings);

    // The bytes that it takes, header included.
    size_t Size() const;

   private:
    friend class PackedValues;
    // Of numbers of one type.
    Layout(internal::ValueTag tag, size_t count);

    size_t count_;
    Form form_;
    internal::ValueTag tag_ = internal::ValueTag::kInteger32;
    size_t numbers_ = 0;         // bytes of all, if there is nothing else
    PackedStringsForm strings_;  // otherwise
  };

  // Makes a block in `memory`, which has plan.Size() bytes, of the values of
  // the plan.
  static const PackedValues* Write(
      const Layout& layout, absl::Span<const internal::PackedValue> values,
      char* memory);
  // The same of those of this block with others in the place of some. Costs a
  // copy of memory, and a sum where sizes change.
  const PackedValues* WriteWith(const Layout& layout, NewValues changes,
                                char* memory) const;

  // The same for the strings of the plan.
  static void WriteStrings(const Layout& layout,
                           const internal::StringRun& strings, char* memory);

  // The same for `count` numbers that lie one behind the other, each of
  // NumberSize(tag) bytes.
  static size_t SizeOfNumbers(internal::ValueTag tag, size_t count);
  static const PackedValues* WriteNumbers(internal::ValueTag tag,
                                          const char* numbers, size_t count,
                                          char* memory);

  PackedValues(const PackedValues&) = delete;
  PackedValues& operator=(const PackedValues&) = delete;

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

  // True if all values are of that type.
  bool HoldsOnly(internal::ValueTag tag) const {
    return tag_ == tag && form_ != Form::kSeveralTypes;
  }

  // True if the block is of the same form with these values, none of which is
  // a box: of the type that it is of, or of several if it is of several.
  bool KeepsFormWith(NewValues changes) const;

  // Takes a share in each box, gives it back, tells the bytes of all boxes.
  void RefSharedValues() const;
  void UnrefSharedValues() const;
  size_t SharedMemory() const;

 private:
  explicit PackedValues(const Layout& layout);

  // Of what are not all numbers.
  internal::PackedValue GetString(size_t i) const;

  // Calls `f` with each box.
  template <typename F>
  void ForEachSharedValue(F f) const;

  const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  // Of the values, if they are not all numbers.
  PackedStrings Strings() const {
    const size_t tags = form_ == Form::kSeveralTypes ? count_ : 0;
    return {data() + tags, count_};
  }

  Form form_;
  internal::ValueTag tag_;  // of all; without meaning where there are several
  uint8_t count_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_PACKED_VALUES_H_
