// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BLOCK_PACKED_KEYS_H_
#define STORE_BLOCK_PACKED_KEYS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "store/block/packed_strings.h"

namespace passpersist::store_internal {

// The keys of a page: up to 255 byte strings, ascending and distinct.
//
//   +--------+--------+--------+--------+-----+----------+---------+
//   | header | prefix | head 0 | head 1 | ... | head n-1 |  tails  |
//   +--------+--------+--------+--------+-----+----------+---------+
//
// The prefix, the bytes that all keys begin with, is stored once. The bytes of
// a key after the prefix are its remainder. The first bytes of the remainder
// are the head, the others the tail. A head is stored as a number: a search
// compares numbers in one dense array, and reads tails only where heads are
// equal. A remainder that is shorter than the head is padded with zeros; tails
// and lengths order keys with equal heads.
//
// The form is the smallest of these that can hold the keys:
// - fixed, remainders of one length up to 4: heads of 1, 2 or 4 bytes and
//   nothing else. No two heads are equal. Integer-indexed tables have this
//   form.
// - fixed, longer remainders of one length: heads of 4 bytes, tails of one
//   length.
// - varying: heads of 4 bytes, tails as PackedStrings. If a remainder is
//   shorter than 4 bytes, all tails of the block begin where the shortest
//   remainder ends. This stores some bytes twice, and no lengths.
//
// A search takes O(log n) comparisons, also among equal heads, and one
// comparison if heads of 1 or 2 bytes are consecutive.
//
// Immutable, so safe for concurrent use. Placed in the memory of its page: it
// cannot be copied, and its bytes follow it.
class PackedKeys {
 public:
  // The position of a key, or the position to insert it at.
  struct Place {
    size_t index;  // of the first key that is not less
    bool found;    // true if that key is equal
  };

  // The form and the sizes of a block of `keys`.
  //
  // A value type.
  class Layout {
   public:
    explicit Layout(absl::Span<const absl::string_view> keys);

    // The bytes of the block, header included.
    size_t Size() const;

   private:
    friend class PackedKeys;

    size_t count_;
    size_t prefix_ = 0;
    size_t remainder_size_ = 0;
    bool varies_ = false;
    size_t head_bytes_ = 0;
    size_t head_width_ = 1;
    size_t tails_ = 0;              // bytes of all tails
    PackedStringsForm tails_form_;  // if varies_
  };

  // Makes a block in `memory`, which has layout.Size() bytes and the alignment
  // of PackedKeys. `keys` are the keys of the layout.
  static const PackedKeys* Write(const Layout& layout,
                                 absl::Span<const absl::string_view> keys,
                                 char* memory);

  PackedKeys(const PackedKeys&) = delete;
  PackedKeys& operator=(const PackedKeys&) = delete;

  size_t count() const { return count_; }
  absl::string_view prefix() const { return {prefix_begin(), prefix_size_}; }

  Place Find(absl::string_view key) const;

  // Less than, equal to or greater than 0 if key `i` is less than, equal to or
  // greater than `key`.
  int Compare(size_t i, absl::string_view key) const;

  // True if all keys have the same size.
  bool HaveOneSize() const { return varies_ == 0; }

  // The number of bytes of key `i` after the prefix.
  size_t RemainderSize(size_t i) const {
    return varies_ ? head_bytes_ + Tails()[i].size() : remainder_size_;
  }

  // Writes these bytes to `out` and returns their end. `out` needs kSlack bytes
  // more.
  static constexpr size_t kSlack = 4;
  char* CopyRemainder(size_t i, char* out) const;

  // The same for the whole key.
  size_t KeySize(size_t i) const { return prefix_size_ + RemainderSize(i); }
  char* CopyKey(size_t i, char* out) const {
    std::memcpy(out, prefix_begin(), prefix_size_);
    return CopyRemainder(i, out + prefix_size_);
  }

  // The remainder of key `i` in two parts: HeadWord(i), the highest
  // head_bytes() bytes of a word, and Tail(i). If there are tails, kArcsSlack
  // bytes after a tail can be read.
  size_t head_bytes() const { return head_bytes_; }
  bool HaveTails() const { return varies_ || remainder_size_ > head_bytes_; }
  uint64_t HeadWord(size_t i) const {
    const size_t others = 8 * (sizeof(uint32_t) - head_bytes_);
    return uint64_t{LoadHead(i)} >> others << others << 32;
  }
  absl::string_view Tail(size_t i) const {
    if (varies_) return Tails()[i];
    const size_t size = remainder_size_ - head_bytes_;
    return {tails() + i * size, size};
  }

 private:
  explicit PackedKeys(const Layout& layout);

  const char* prefix_begin() const {
    return reinterpret_cast<const char*>(this + 1);
  }
  const char* heads() const { return prefix_begin() + prefix_size_; }
  const char* tails() const { return heads() + size_t{count_} * head_width_; }
  PackedStrings Tails() const { return {tails(), count_}; }

  template <typename Head>
  Place FindRemainder(absl::string_view remainder) const;
  template <typename Head>
  size_t FirstNotBefore(Head head) const;
  template <typename Head>
  size_t LowerBound(size_t begin, Head head) const;
  int CompareTail(size_t i, absl::string_view remainder) const;
  // The first four bytes of a remainder, the first one highest.
  uint32_t LoadHead(size_t i) const {
    const char* const at = heads() + i * head_width_;
    if (head_width_ == 1) return uint32_t{LoadAs<uint8_t>(at)} << 24;
    if (head_width_ == 2) return uint32_t{LoadAs<uint16_t>(at)} << 16;
    return LoadAs<uint32_t>(at);
  }

  uint32_t prefix_size_;
  uint32_t remainder_size_;  // of all remainders; meaningless if varies_
  uint8_t count_;
  uint8_t head_width_;      // 1, 2 or 4
  uint8_t head_bytes_ : 4;  // of a remainder, before its tail
  uint8_t varies_ : 1;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_PACKED_KEYS_H_
