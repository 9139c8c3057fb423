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

// Numbers at any address, in the order of the machine.
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

// How strings are packed: where each ends, as a straight line and how far the
// end is off it.
//
//   bytes                          .-o     o  where a string ends
//    |                      o  .-'         .  the line: a mean size a string
//    |              o. -'
//    |          .-'
//    |     .-'
//    | .-'   o
//    +-------+------+-------+------+-- string
//
// Strings of one column are much alike, so the ends of 240 short ones lie
// within 127 of the line, though they go up to thousands: one byte for each
// tells how far, and none if the strings are of one size. Wild ones take two or
// four.
//
// A value type.
class PackedStringsForm {
 public:
  // For no string.
  PackedStringsForm() = default;

  // For `count` strings, of which string i has size_of(i) bytes.
  template <typename SizeOf>
  PackedStringsForm(size_t count, SizeOf size_of) : count_(count) {
    for (size_t i = 0; i < count; ++i) total_ += size_of(i);
    if (count == 0) return;
    step_ = static_cast<uint32_t>(std::min((total_ << 8) / count, kMaxStep));
    int64_t least = 0;
    int64_t most = 0;
    size_t end = 0;
    for (size_t i = 0; i < count; ++i) {
      end += size_of(i);
      const int64_t off = Off(i, end);
      least = std::min(least, off);
      most = std::max(most, off);
    }
    width_ = least == 0 && most == 0                   ? 0
             : least >= INT8_MIN && most <= INT8_MAX   ? 1
             : least >= INT16_MIN && most <= INT16_MAX ? 2
                                                       : 4;
  }

  explicit PackedStringsForm(absl::Span<const absl::string_view> strings)
      : PackedStringsForm(strings.size(),
                          [&](size_t i) { return strings[i].size(); }) {}

  // The bytes of the strings, and of the whole block.
  size_t total() const { return total_; }
  size_t Size() const { return StringsAt() + total_; }

 private:
  friend class PackedStrings;
  friend class PackedStringsWriter;

  static constexpr size_t kHeaderSize = sizeof(uint32_t);
  static constexpr size_t kMaxStep = 0xffffff;

  static size_t OnLine(size_t i, uint32_t step) {
    return ((i + 1) * step) >> 8;
  }
  int64_t Off(size_t i, size_t end) const {
    return static_cast<int64_t>(end) - static_cast<int64_t>(OnLine(i, step_));
  }
  size_t StringsAt() const { return kHeaderSize + count_ * width_; }

  size_t count_ = 0;
  size_t total_ = 0;    // bytes of all strings
  uint32_t step_ = 0;   // of the line, in 1/256 bytes a string
  uint32_t width_ = 0;  // bytes that say how far an end is off the line
};

// A few strings in one run of bytes:
//
//   +--------------+-------+-----+---------+----------+-----+------------+
//   | step, width  | off 0 | ... | off n-1 | string 0 | ... | string n-1 |
//   +--------------+-------+-----+---------+----------+-----+------------+
//    4 bytes         width bytes each
//
// String i lies between ends i-1 and i, each a multiplication and an addition
// away.
//
// A value type that borrows the bytes.
class PackedStrings {
 public:
  PackedStrings(const char* data, size_t count)
      : step_(LoadAs<uint32_t>(data) >> 8),
        width_(LoadAs<uint32_t>(data) & 0xff),
        offs_(data + PackedStringsForm::kHeaderSize),
        strings_(offs_ + count * width_) {}

  absl::string_view operator[](size_t i) const {
    const size_t begin = Begin(i);
    return {strings_ + begin, End(i) - begin};
  }

 private:
  friend class PackedStringsWriter;

  size_t Begin(size_t i) const { return i == 0 ? 0 : End(i - 1); }
  size_t End(size_t i) const {
    return PackedStringsForm::OnLine(i, step_) + static_cast<size_t>(Off(i));
  }
  // How far end i is off the line.
  int64_t Off(size_t i) const {
    const char* const at = offs_ + i * width_;
    if (width_ == 1) return LoadAs<int8_t>(at);
    if (width_ == 0) return 0;
    return width_ == 2 ? LoadAs<int16_t>(at) : LoadAs<int32_t>(at);
  }

  const uint32_t step_;
  const uint32_t width_;
  const char* const offs_;
  const char* const strings_;
};

// Writes strings of the sizes that the form was made of, one after another, to
// `out`, which has form.Size() bytes.
//
// Used by one thread at a time.
class PackedStringsWriter {
 public:
  PackedStringsWriter(const PackedStringsForm& form, char* out)
      : form_(form),
        off_(StoreAs(form.step_ << 8 | form.width_, out)),
        strings_(out + form.StringsAt()),
        next_(strings_) {}

  void Add(absl::string_view string) {
    AddBytes(string.data(), string.size());
    AddEnd(static_cast<size_t>(next_ - strings_));
  }

  // Adds all of `run`.
  void AddAll(const internal::StringRun& run) {
    if (run.size() == 0) return;
    const size_t before = static_cast<size_t>(next_ - strings_);
    AddBytes(run.all().data(), run.all().size());
    for (const uint32_t end : run.ends) AddEnd(before + end - run.begin);
  }

  // Adds strings `begin` to `end` - 1.
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
    const int64_t off = form_.Off(count_++, end);
    if (form_.width_ == 1) {
      off_ = StoreAs(static_cast<int8_t>(off), off_);
    } else if (form_.width_ == 2) {
      off_ = StoreAs(static_cast<int16_t>(off), off_);
    } else if (form_.width_ == 4) {
      off_ = StoreAs(static_cast<int32_t>(off), off_);
    }
  }

  const PackedStringsForm form_;
  char* off_;
  char* const strings_;
  char* next_;
  size_t count_ = 0;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_PACKED_STRINGS_H_
