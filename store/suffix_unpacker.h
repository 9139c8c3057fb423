#ifndef STORE_SUFFIX_UNPACKER_H_
#define STORE_SUFFIX_UNPACKER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

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
    suffix_.Truncate(prefix_arcs_);
    suffix_.Append(arc);
    return suffix_;
  }
  const Oid& Unpack(const PackedKeys& keys, size_t i);

 private:
  Oid suffix_;
  size_t prefix_arcs_ = 0;
  std::vector<char> bytes_;  // begins with an arc that the prefix cuts
  size_t cut_ = 0;           // the bytes of that arc
};

}  // namespace passpersist::internal

#endif  // STORE_SUFFIX_UNPACKER_H_
