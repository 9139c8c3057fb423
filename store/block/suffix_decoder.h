// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BLOCK_SUFFIX_DECODER_H_
#define STORE_BLOCK_SUFFIX_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/oid_access.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/oid.h"
#include "store/block/packed_keys.h"

namespace passpersist::store_internal {

// Decodes keys to suffixes (an Oid each) in memory that it reuses. Keys that
// are read one after another usually have a common prefix: SetPrefix() decodes
// it once, and Decode() only the remainder of each key.
//
// Used by one thread at a time.
class SuffixDecoder {
 public:
  // The keys of the next calls begin with `path` and then `prefix`, which may
  // end within an arc.
  void SetPrefix(absl::string_view path, absl::string_view prefix);

  // The suffix that is the prefix and then `arc`, or the prefix and then the
  // remainder of key `i`. Valid until the next call.
  const Oid& Decode(uint32_t arc) {
    *remainder_ = arc;
    return count_ == 1 ? suffix_ : SetRemainder(1);
  }
  const Oid& Decode(const PackedKeys& keys, size_t i);

 private:
  // Arcs that are reserved after the prefix, enough for most keys.
  static constexpr size_t kCapacity = 64;

  // Where to write up to `count` arcs after the prefix.
  uint32_t* EnsureCapacity(size_t count) {
    if (count > capacity_) Grow(count);
    return remainder_;
  }
  void Grow(size_t capacity);
  const Oid& SetRemainder(size_t count) {
    count_ = count;
    internal::OidAccess::SetSize(prefix_arcs_ + count, &suffix_);
    return suffix_;
  }

  Oid suffix_;
  size_t prefix_arcs_ = 0;
  size_t count_ = 0;               // of the arcs after the prefix
  uint32_t* remainder_ = nullptr;  // these arcs
  size_t capacity_ = 0;            // how many there may be
  // If the prefix ends within an arc: the bytes of that arc, from the highest
  // byte of the word down, and their number.
  uint64_t cut_ = 0;
  size_t cut_size_ = 0;
  std::vector<char> bytes_;  // of the prefix
};

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_SUFFIX_DECODER_H_
