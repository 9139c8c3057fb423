// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_OID_LESS_H_
#define PASSPERSIST_TABLE_OID_LESS_H_

#include "passpersist/table/index_part.h"

namespace passpersist {

// Compares the values of an index in the order of a walk, which is the order of
// their encodings. Index is a part of index_part.h or a tuple of parts:
//
//   std::map<std::string, Disk, OidLess<std::string>> disks;
//   std::sort(peers.begin(), peers.end(),
//             OidLess<std::tuple<InetAddress, ImpliedString>>());
//
// The order of C++ often differs: as strings "aa" < "b", as indexes 1.98 <
// 2.97.97.
//
// A value type. Safe for concurrent use.
template <typename Index>
struct OidLess {
  using Value = typename IndexPart<Index>::Value;

  bool operator()(const Value& a, const Value& b) const {
    return index_internal::ComparePart<Index>(a, b) < 0;
  }
};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_OID_LESS_H_
