#ifndef STORE_SUFFIX_UNPACKER_H_
#define STORE_SUFFIX_UNPACKER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "passpersist/internal/packed_key.h"
#include "passpersist/oid.h"
#include "store/packed_keys.h"

namespace passpersist::internal {

// Gives back packed names as Oids, in memory that it keeps. Names that are read
// one after another begin with the same bytes, mostly: these are unpacked once,
// and of each name only the rest.
//
// Used by one thread at a time.
class SuffixUnpacker {
 public:
  // The names that follow begin with `path` and then `prefix`, which may end
  // within an arc.
  void SetPrefix(absl::string_view path, absl::string_view prefix);

  // What follows the prefix is that arc, or the rest of key `i`. Valid until
  // the next call.
  const Oid& Unpack(uint32_t arc) {
    if (arc_ == nullptr) {
      uint32_t* const one = MakeRoom(1);
      SetRest(1);
      arc_ = one;
    }
    *arc_ = arc;
    return suffix_;
  }
  const Oid& Unpack(const PackedKeys& keys, size_t i);

 private:
  const Oid& UnpackLong(absl::uint128 words, size_t size,
                        absl::string_view tail);

  // Room for `count` arcs behind the prefix, in place of those that are there.
  uint32_t* MakeRoom(size_t count) {
    return suffix_.AppendZeros(count).data() - count_;
  }
  const Oid& SetRest(size_t count) {
    count_ = count;
    arc_ = nullptr;
    suffix_.Truncate(prefix_arcs_ + count);
    return suffix_;
  }

  Oid suffix_;
  size_t prefix_arcs_ = 0;
  size_t count_ = 0;         // of the arcs behind the prefix
  uint32_t* arc_ = nullptr;  // that one, if Unpack(arc) wrote it last
  // The bytes of an arc that the prefix cuts, from the highest one of the word
  // down, and how many there are.
  uint64_t cut_ = 0;
  size_t cut_size_ = 0;
  std::vector<char> bytes_;  // of the prefix, or of a long name
};

}  // namespace passpersist::internal

#endif  // STORE_SUFFIX_UNPACKER_H_
