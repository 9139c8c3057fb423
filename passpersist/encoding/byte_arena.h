// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_BYTE_ARENA_H_
#define PASSPERSIST_ENCODING_BYTE_ARENA_H_

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"

namespace passpersist::internal {

// Memory for strings that all end their lives together, in Clear().
//
// Used by one thread at a time.
class ByteArena {
 public:
  // Returns a copy that is valid until Clear().
  absl::string_view Copy(absl::string_view bytes) {
    if (bytes.empty()) return {};
    char* const copy = Reserve(bytes.size());
    std::memcpy(copy, bytes.data(), bytes.size());
    Commit(bytes.size());
    return {copy, bytes.size()};
  }

  // Returns room for `bound` bytes. Commit() keeps the first `used` of them;
  // the rest is free again.
  char* Reserve(size_t bound) {
    if (bound > left_) Grow(bound);
    return next_;
  }
  void Commit(size_t used) {
    next_ += used;
    left_ -= used;
  }

  // Invalidates all strings. Keeps the largest chunk, the last one, for the
  // strings that follow.
  void Clear() {
    if (chunks_.size() > 1) chunks_.erase(chunks_.begin(), chunks_.end() - 1);
    if (chunks_.empty()) return;
    next_ = chunks_.back().get();
    left_ = last_size_;
  }

 private:
  static constexpr size_t kMinChunk = 4096;

  void Grow(size_t bound) {
    last_size_ = std::max({kMinChunk, bound, last_size_ * 2});
    chunks_.emplace_back(new char[last_size_]);  // not zeroed
    next_ = chunks_.back().get();
    left_ = last_size_;
  }

  std::vector<std::unique_ptr<char[]>> chunks_;
  size_t last_size_ = 0;
  char* next_ = nullptr;
  size_t left_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_BYTE_ARENA_H_
