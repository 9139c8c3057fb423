// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/overlay.h"

#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::internal {

Overlay::Overlay(const Changes& changes) {
  ValuePacker packer;
  for (const Changes::NetChange& change : changes.Normalized()) {
    const bool is_erase = change.value == nullptr;
    changes_.push_back({std::string(EncodedOid(*change.suffix).bytes()),
                        is_erase, values_.size(), change.label});
    if (!is_erase) values_.Add(packer.Pack(*change.value));
  }
}

}  // namespace passpersist::internal
