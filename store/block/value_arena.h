// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BLOCK_VALUE_ARENA_H_
#define STORE_BLOCK_VALUE_ARENA_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/encoding/packed_value.h"

namespace passpersist::store_internal {

// Memory for packed values that all end their lives together, in Clear() or in
// the destructor: keeps their bytes, and a reference to each SharedValue.
//
// Used by one thread at a time.
class ValueArena {
 public:
  // Return a copy that is valid until Clear().
  internal::PackedValue Copy(internal::PackedValue value) {
    value.bytes = bytes_.Copy(value.bytes);
    if (value.tag == internal::ValueTag::kOutOfLine) {
      shared_values_.emplace_back(value.shared_value());
    }
    return value;
  }
  absl::string_view Copy(absl::string_view bytes) { return bytes_.Copy(bytes); }

  // For bytes that are written in place.
  internal::ByteArena& bytes() { return bytes_; }

  void Clear() {
    bytes_.Clear();
    shared_values_.clear();
  }

 private:
  internal::ByteArena bytes_;
  std::vector<internal::SharedValueRef> shared_values_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_VALUE_ARENA_H_
