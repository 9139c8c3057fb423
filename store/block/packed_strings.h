// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BLOCK_PACKED_STRINGS_H_
#define STORE_BLOCK_PACKED_STRINGS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/string_run.h"

namespace passpersist::store_internal {

// Read and write numbers at any address, in the byte order of the machine.
template <typename T>
T LoadAs(const char* from) {
  T number;
  std::memcpy(&number, from, sizeof number);
  return number;
}
template <typename T>
char* StoreAs(T number, char* to) {
  std::memcpy(to, &number, sizeof number);
  return to + sizeof number;
}

// The form in which strings are packed: the end of each string is stored as its
// deviation from a straight line.
//
//   bytes                          .-o     o  the end of a string
//    |                      o  .-'         .  the line: the mean size a string
//    |              o. -'
//    |          .-'
//    |     .-'
//    | .-'   o
//    +-------+------+-------+------+-- string
//
// Strings of one column have similar sizes, so the ends of 240 short strings
// are within 127 bytes of the line although they go up to thousands. A
// deviation takes one byte, or none if all strings have the same size. Strings
// of very different sizes take two or four bytes each.
//
// A value type.
class PackedStringsForm {
 public:
  // Of no strings.
  PackedStringsForm() = default;

  // Of `count` strings; string i has size_of(i) bytes.
  template <typename SizeOf>
  PackedStringsForm(size_t count, SizeOf size_of) : count_(count) {
    for (size_t i = 0; i < count; ++i) total_ += size_of(i);
    if (count == 0) return;
    step_ = static_cast<uint32_t>(std::min((total_ << 8) / count, kMaxStep));
    int64_t min = 0;
    int64_t max = 0;
    size_t end = 0;
    for (size_t i = 0; i < count; ++i) {
      end += size_of(i);
      const int64_t deviation = Deviation(i, end);
      min = std::min(min, deviation);
      max = std::max(max, deviation);
    }
    width_ = min == 0 && max == 0                   ? 0
             : min >= INT8_MIN && max <= INT8_MAX   ? 1
             : min >= INT16_MIN && max <= INT16_MAX ? 2
                                                    : 4;
  }

  explicit PackedStringsForm(absl::Span<const absl::string_view> strings)
      : PackedStringsForm(strings.size(),
                          [&](size_t i) { return strings[i].size(); }) {}

  // The bytes of the strings alone, and of the whole block.
  size_t total() const { return total_; }
  size_t Size() const { return StringsAt() + total_; }

 private:
  friend class PackedStrings;
  friend class PackedStringsWriter;

  static constexpr size_t kHeaderSize = sizeof(uint32_t);
  static constexpr size_t kMaxStep = 0xffffff;

  // The end of string i according to the line.
  static size_t PredictedEnd(size_t i, uint32_t step) {
    return ((i + 1) * step) >> 8;
  }
  int64_t Deviation(size_t i, size_t end) const {
    return static_cast<int64_t>(end) -
           static_cast<int64_t>(PredictedEnd(i, step_));
  }
  size_t StringsAt() const { return kHeaderSize + count_ * width_; }

  size_t count_ = 0;
  size_t total_ = 0;    // bytes of all strings
  uint32_t step_ = 0;   // of the line, in 1/256 bytes a string
  uint32_t width_ = 0;  // bytes of a deviation
};

// Strings in contiguous memory:
//
//   +--------------+-------+-----+---------+----------+-----+------------+
//   | step, width  | dev 0 | ... | dev n-1 | string 0 | ... | string n-1 |
//   +--------------+-------+-----+---------+----------+-----+------------+
//    4 bytes         deviations of width bytes each
//
// String i is between end i-1 and end i. An end costs a multiplication and an
// addition.
//
// A value type that borrows the bytes.
class PackedStrings {
 public:
  PackedStrings(const char* data, size_t count)
      : step_(LoadAs<uint32_t>(data) >> 8),
        width_(LoadAs<uint32_t>(data) & 0xff),
        deviations_(data + PackedStringsForm::kHeaderSize),
        strings_(deviations_ + count * width_) {}

  absl::string_view operator[](size_t i) const {
    const size_t begin = Begin(i);
    return {strings_ + begin, End(i) - begin};
  }

 private:
  friend class PackedStringsWriter;

  size_t Begin(size_t i) const { return i == 0 ? 0 : End(i - 1); }
  size_t End(size_t i) const {
    return PackedStringsForm::PredictedEnd(i, step_) +
           static_cast<size_t>(Deviation(i));
  }
  int64_t Deviation(size_t i) const {
    const char* const at = deviations_ + i * width_;
    if (width_ == 1) return LoadAs<int8_t>(at);
    if (width_ == 0) return 0;
    return width_ == 2 ? LoadAs<int16_t>(at) : LoadAs<int32_t>(at);
  }

  const uint32_t step_;
  const uint32_t width_;
  const char* const deviations_;
  const char* const strings_;
};

// Writes strings, one after another, to `out`, which has form.Size() bytes. The
// strings have the sizes that the form was made of.
//
// Used by one thread at a time.
class PackedStringsWriter {
 public:
  PackedStringsWriter(const PackedStringsForm& form, char* out)
      : form_(form),
        deviation_(StoreAs(form.step_ << 8 | form.width_, out)),
        strings_(out + form.StringsAt()),
        next_(strings_) {}

  void Add(absl::string_view string) {
    AddBytes(string.data(), string.size());
    AddEnd(static_cast<size_t>(next_ - strings_));
  }

  // Adds all strings of `run`.
  void AddAll(const internal::StringRun& run) {
    if (run.size() == 0) return;
    const size_t before = static_cast<size_t>(next_ - strings_);
    AddBytes(run.all().data(), run.all().size());
    for (const uint32_t end : run.ends) AddEnd(before + end - run.begin);
  }

  // Adds strings `begin` to `end` - 1 of `from`.
  void AddAll(const PackedStrings& from, size_t begin, size_t end) {
    if (begin == end) return;
    const size_t first = from.Begin(begin);
    const size_t before = static_cast<size_t>(next_ - strings_);
    AddBytes(from.strings_ + first, from.End(end - 1) - first);
    for (size_t i = begin; i < end; ++i) AddEnd(before + from.End(i) - first);
  }

 private:
  void AddBytes(const char* bytes, size_t size) {
    if (size > 0) std::memcpy(next_, bytes, size);
    next_ += size;
  }
  void AddEnd(size_t end) {
    const int64_t deviation = form_.Deviation(count_++, end);
    if (form_.width_ == 1) {
      deviation_ = StoreAs(static_cast<int8_t>(deviation), deviation_);
    } else if (form_.width_ == 2) {
      deviation_ = StoreAs(static_cast<int16_t>(deviation), deviation_);
    } else if (form_.width_ == 4) {
      deviation_ = StoreAs(static_cast<int32_t>(deviation), deviation_);
    }
  }

  const PackedStringsForm form_;
  char* deviation_;  // where the next deviation goes
  char* const strings_;
  char* next_;  // where the next string goes
  size_t count_ = 0;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_PACKED_STRINGS_H_
