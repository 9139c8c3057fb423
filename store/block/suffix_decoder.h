// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BLOCK_SUFFIX_DECODER_H_
#define STORE_BLOCK_SUFFIX_DECODER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/oid.h"
#include "store/block/packed_keys.h"

namespace passpersist::store_internal {

// Gives back packed names as Oids, in memory that it keeps. Names that are read
// one after another begin with the same bytes, mostly: these are unpacked once,
// and of each name only the rest.
//
// Used by one thread at a time.
class SuffixDecoder {
 public:
  // The names that follow begin with `path` and then `prefix`, which may end
  // within an arc.
  void SetPrefix(absl::string_view path, absl::string_view prefix);

  // What follows the prefix is that arc, or the rest of key `i`. Valid until
  // the next call.
  const Oid& Decode(uint32_t arc) {
    *remainder_ = arc;
    return count_ == 1 ? suffix_ : SetRemainder(1);
  }
  const Oid& Decode(const PackedKeys& keys, size_t i);

 private:
  // For the prefix, and for what follows it in most names.
  static constexpr size_t kCapacity = 64;

  // Room for `count` arcs behind the prefix, in place of those that are there.
  uint32_t* EnsureCapacity(size_t count) {
    if (count > capacity_) Grow(count);
    return remainder_;
  }
  void Grow(size_t room);
  const Oid& SetRemainder(size_t count) {
    count_ = count;
    suffix_.SetSize(prefix_arcs_ + count);
    return suffix_;
  }

  Oid suffix_;
  size_t prefix_arcs_ = 0;
  size_t count_ = 0;          // of the arcs behind the prefix
  uint32_t* remainder_ = nullptr;  // where these are,
  size_t capacity_ = 0;           // and how many can be
  // The bytes of an arc that the prefix cuts, from the highest one of the word
  // down, and how many there are.
  uint64_t cut_ = 0;
  size_t cut_size_ = 0;
  std::vector<char> bytes_;  // of the prefix
};

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_SUFFIX_DECODER_H_
