// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_OID_ACCESS_H_
#define PASSPERSIST_ENCODING_OID_ACCESS_H_

#include <cstddef>
#include <cstdint>

#include "passpersist/oid.h"

namespace passpersist::internal {

// Lets decoders write arcs into the memory of an Oid.
class OidAccess {
 public:
  // Returns memory for `size` arcs, of which the first oid->size() are the
  // present arcs. Arcs that the caller writes after these become part of the
  // Oid by SetSize(). The pointer is valid until a method adds arcs.
  static uint32_t* Reserve(size_t size, Oid* oid) {
    oid->Reserve(size);
    return oid->arcs_;
  }

  // Sets the number of arcs. Requires that all `size` arcs were written.
  static void SetSize(size_t size, Oid* oid) { oid->Truncate(size); }
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_OID_ACCESS_H_
