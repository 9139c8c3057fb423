// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_INDEX_SEARCH_H_
#define PASSPERSIST_TABLE_INDEX_SEARCH_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>

#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/inet_address.h"
#include "passpersist/table/mac_address.h"
#include "passpersist/value.h"

namespace passpersist {

// Where a search for an encoding begins.
struct IndexBound {
  // Any arcs: a cut off index, a number too many, 300 for a byte.
  absl::Span<const uint32_t> arcs;
  // The encoding itself is too small.
  bool exclusive = false;
  // The greatest number of arcs of the encoding.
  size_t max_arcs = Oid::kMaxArcs;
};

namespace index_internal {

// See IndexSearch::LowerBound(). Arcs of the value are 0..`greatest`.
bool SearchNumber(const IndexBound& bound, uint32_t least, uint32_t greatest,
                  Oid* out);
bool SearchFixed(const IndexBound& bound, size_t size, uint32_t greatest,
                 Oid* out);
bool SearchCounted(const IndexBound& bound, uint32_t greatest, Oid* out);
bool SearchImplied(const IndexBound& bound, uint32_t greatest, Oid* out);
bool SearchInetAddress(const IndexBound& bound, Oid* out);

using SearchFunction = bool (*)(const IndexBound& bound, Oid* out);

struct SearchedPart {
  SearchFunction lower_bound;
  size_t min_arcs;
};
bool SearchTuple(absl::Span<const SearchedPart> parts, const IndexBound& bound,
                 Oid* out);

// Sets *index to the least encoding that is not before `bound.arcs`, or, if
// exclusive, that is after them. Returns false if there is none.
bool SearchIndex(SearchFunction lower_bound, const IndexBound& bound,
                 Oid* index);

constexpr uint32_t kGreatestByte = 0xff;
constexpr uint32_t kGreatestArc = 0xffffffff;

}  // namespace index_internal

// The numbers kLeast..kGreatest, as an arc.
template <uint32_t kLeast, uint32_t kGreatest>
struct NumberSearch {
  static bool LowerBound(const IndexBound& bound, Oid* out) {
    return index_internal::SearchNumber(bound, kLeast, kGreatest, out);
  }
};

// Finds encodings of a part in OID order. IndexCodec::LowerBound() needs it,
// because a getnext request brings arcs that are not an index. Each part of
// index_part.h has one. A type of your own has that of the part with the same
// arcs, or of the range of its numbers:
//
//   template <>
//   struct IndexSearch<Vlan> : NumberSearch<1, 4094> {};
//   template <>
//   struct IndexSearch<Port> : IndexSearch<std::tuple<uint8_t, uint16_t>> {};
//
// or a function
//
//   static bool LowerBound(const IndexBound& bound, Oid* out);
//
// that appends the least encoding of at most `bound.max_arcs` arcs which
//
//   is greater than `bound.arcs`,
//   or, unless `bound.exclusive`, equals them,
//   or, unless `bound.exclusive` or kImplied, is a prefix of them.
//
// It returns false, and leaves `out` unchanged, if there is no such encoding.
// The arcs must not be those of `out`.
template <typename P, typename = void>
struct IndexSearch {
  static bool LowerBound(const IndexBound&, Oid*) {
    static_assert(
        sizeof(P) == 0,
        "a computed table searches the indexes of its rows; derive "
        "IndexSearch for your type from the IndexSearch of a part with the "
        "same arcs, or from NumberSearch<kLeast, kGreatest>");
    return false;
  }
};

namespace index_internal {

template <size_t N>
struct FixedSearch {
  static bool LowerBound(const IndexBound& bound, Oid* out) {
    return SearchFixed(bound, N, kGreatestByte, out);
  }
};

template <uint32_t kGreatest>
struct CountedSearch {
  static bool LowerBound(const IndexBound& bound, Oid* out) {
    return SearchCounted(bound, kGreatest, out);
  }
};

template <uint32_t kGreatest>
struct ImpliedSearch {
  static bool LowerBound(const IndexBound& bound, Oid* out) {
    return SearchImplied(bound, kGreatest, out);
  }
};

// The greatest number of T that is an arc.
template <typename T>
constexpr uint32_t kGreatestOf = static_cast<uint32_t>(std::min<uint64_t>(
    std::numeric_limits<typename Integer<T>::Type>::max(), kGreatestArc));

}  // namespace index_internal

template <typename T>
struct IndexSearch<T, std::enable_if_t<index_internal::kIsIndexNumber<T>>>
    : NumberSearch<0, index_internal::kGreatestOf<T>> {};

template <>
struct IndexSearch<std::string>
    : index_internal::CountedSearch<index_internal::kGreatestByte> {};
template <>
struct IndexSearch<Oid>
    : index_internal::CountedSearch<index_internal::kGreatestArc> {};

template <>
struct IndexSearch<ImpliedString>
    : index_internal::ImpliedSearch<index_internal::kGreatestByte> {};
template <>
struct IndexSearch<ImpliedOid>
    : index_internal::ImpliedSearch<index_internal::kGreatestArc> {};

template <size_t N>
struct IndexSearch<FixedString<N>> : index_internal::FixedSearch<N> {};
template <size_t N>
struct IndexSearch<std::array<uint8_t, N>> : index_internal::FixedSearch<N> {};
template <>
struct IndexSearch<IpAddress> : index_internal::FixedSearch<4> {};
template <>
struct IndexSearch<MacAddress> : index_internal::FixedSearch<6> {};

template <>
struct IndexSearch<InetAddress> {
  static bool LowerBound(const IndexBound& bound, Oid* out) {
    return index_internal::SearchInetAddress(bound, out);
  }
};

template <typename... Parts>
struct IndexSearch<std::tuple<Parts...>> {
  static bool LowerBound(const IndexBound& bound, Oid* out) {
    static constexpr std::array<index_internal::SearchedPart, sizeof...(Parts)>
        kParts = {
            {{&IndexSearch<Parts>::LowerBound, IndexPart<Parts>::kMinArcs}...}};
    return index_internal::SearchTuple(kParts, bound, out);
  }
};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_INDEX_SEARCH_H_
