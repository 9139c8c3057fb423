#ifndef STORE_PACKED_STRINGS_H_
#define STORE_PACKED_STRINGS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"

namespace passpersist::internal {

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

// A few strings in one run of bytes:
//
//   +-------+-------+-----+---------+----------------------------------+
//   | end 0 | end 1 | ... | end n-1 | string 0 | string 1 | ... | n-1  |
//   +-------+-------+-----+---------+----------------------------------+
//
// An end counts from the first string and takes 1, 2 or 4 bytes, whichever the
// last end needs. String i lies between ends i-1 and i.
//
// A value type that borrows the bytes.
class PackedStrings {
 public:
  // The bytes of an end where all strings together have `total` bytes.
  static uint8_t EndWidth(size_t total) {
    return total <= 0xff ? 1 : total <= 0xffff ? 2 : 4;
  }
  static size_t Size(size_t count, size_t total) {
    return count * EndWidth(total) + total;
  }

  PackedStrings(const char* data, size_t count, uint8_t end_width)
      : data_(data), count_(count), width_(end_width) {}

  absl::string_view operator[](size_t i) const {
    const size_t begin = i == 0 ? 0 : End(i - 1);
    return {data_ + count_ * width_ + begin, End(i) - begin};
  }

  // The bytes that all take.
  size_t size() const {
    return count_ * width_ + (count_ == 0 ? 0 : End(count_ - 1));
  }

 private:
  size_t End(size_t i) const {
    const char* const at = data_ + i * width_;
    if (width_ == 2) return LoadAs<uint16_t>(at);
    if (width_ == 1) return LoadAs<uint8_t>(at);
    return LoadAs<uint32_t>(at);
  }

  const char* data_;
  size_t count_;
  size_t width_;
};

// Writes strings in the form of PackedStrings, one after another. `count`,
// `total` and `out` say how many there will be, of how many bytes together, and
// where Size(count, total) bytes are free.
//
// Used by one thread at a time.
class PackedStringsWriter {
 public:
  PackedStringsWriter(size_t count, size_t total, char* out)
      : end_(out),
        strings_(out + count * PackedStrings::EndWidth(total)),
        next_(strings_),
        width_(PackedStrings::EndWidth(total)) {}

  void Add(absl::string_view string) {
    if (!string.empty()) std::memcpy(next_, string.data(), string.size());
    next_ += string.size();
    const auto end = static_cast<size_t>(next_ - strings_);
    if (width_ == 2) {
      end_ = StoreAs(static_cast<uint16_t>(end), end_);
    } else if (width_ == 1) {
      end_ = StoreAs(static_cast<uint8_t>(end), end_);
    } else {
      end_ = StoreAs(static_cast<uint32_t>(end), end_);
    }
  }

  // Where the next string would be.
  char* end() const { return next_; }

 private:
  char* end_;
  char* const strings_;
  char* next_;
  const size_t width_;
};

}  // namespace passpersist::internal

#endif  // STORE_PACKED_STRINGS_H_
