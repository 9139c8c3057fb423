// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_BYTE_BUFFER_H_
#define PASSPERSIST_ENCODING_BYTE_BUFFER_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"

namespace passpersist::internal {

// Contiguous bytes that grow at the end. Does what std::string does, without a
// function call for each appended number.
//
// Used by one thread at a time.
class ByteBuffer {
 public:
  ByteBuffer() = default;
  ByteBuffer(ByteBuffer&& other) noexcept { swap(other); }
  ByteBuffer& operator=(ByteBuffer&& other) noexcept {
    swap(other);
    return *this;
  }
  void swap(ByteBuffer& other) noexcept {
    std::swap(bytes_, other.bytes_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  const char* data() const { return bytes_.get(); }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }

  // Allocates memory for `capacity` bytes, so that appending as many does not
  // allocate again.
  void Reserve(size_t capacity) {
    if (capacity + kSlack > capacity_) Grow(capacity + kSlack);
  }

  // Returns room for at least `bound` bytes, free() bytes, after the present
  // ones. Commit() appends the first `used` bytes that were written there.
  char* ReserveMore(size_t bound) {
    if (free() < bound) GrowBy(bound);
    return bytes_.get() + size_;
  }
  size_t free() const { return capacity_ - size_; }
  void Commit(size_t used) { size_ += used; }

  void Append(absl::string_view bytes) {
    if (bytes.empty()) return;
    if (capacity_ - size_ < bytes.size()) GrowBy(bytes.size());
    std::memcpy(bytes_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  // Appends the first `size` bytes of `number` in its memory order. Always
  // copies eight bytes, hence kSlack.
  void AppendNumber(uint64_t number, size_t size) {
    if (capacity_ - size_ < kSlack) GrowBy(kSlack);
    std::memcpy(bytes_.get() + size_, &number, sizeof number);
    size_ += size;
  }

 private:
  static constexpr size_t kSlack = sizeof(uint64_t);

  void GrowBy(size_t size) {
    constexpr size_t kMinCapacity = 64;
    Grow(std::max({kMinCapacity, capacity_ + capacity_ / 2, size_ + size}));
  }
  void Grow(size_t capacity) {
    std::unique_ptr<char[]> bytes(new char[capacity]);  // not zeroed
    if (size_ > 0) std::memcpy(bytes.get(), bytes_.get(), size_);
    bytes_ = std::move(bytes);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> bytes_;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_BYTE_BUFFER_H_
