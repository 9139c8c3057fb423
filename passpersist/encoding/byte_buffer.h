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

// Bytes in one piece that grows at its end. What std::string does, without a
// call for each number that is appended.
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

  void Reserve(size_t capacity) {
    if (capacity + kSlack > capacity_) Grow(capacity + kSlack);
  }

  void Append(absl::string_view bytes) {
    if (bytes.empty()) return;
    if (capacity_ - size_ < bytes.size()) GrowBy(bytes.size());
    std::memcpy(bytes_.get() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  // Appends the first `size` bytes of `number`, as it lies in memory.
  void AppendNumber(uint64_t number, size_t size) {
    if (capacity_ - size_ < kSlack) GrowBy(kSlack);
    std::memcpy(bytes_.get() + size_, &number, sizeof number);
    size_ += size;
  }

 private:
  static constexpr size_t kSlack = sizeof(uint64_t);

  void GrowBy(size_t size) {
    constexpr size_t kLeast = 64;
    Grow(std::max({kLeast, capacity_ + capacity_ / 2, size_ + size}));
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
