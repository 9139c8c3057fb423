// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/index_search.h"

#include "absl/functional/function_ref.h"

namespace passpersist::index_internal {
namespace {

using Arcs = absl::Span<const uint32_t>;

bool StartsWith(Arcs arcs, Arcs prefix) {
  return arcs.size() >= prefix.size() && arcs.first(prefix.size()) == prefix;
}

// The bound of the arcs that follow the first `size` of an encoding. If these
// are those of `bound`, it decides about the others. Otherwise the encoding is
// greater already, and the least of the others is the answer.
IndexBound BoundAfter(const IndexBound& bound, size_t size, bool are_equal) {
  const size_t max_arcs = bound.max_arcs - size;
  if (!are_equal) return {{}, /*exclusive=*/false, max_arcs};
  return {bound.arcs.subspan(size), bound.exclusive, max_arcs};
}

// Replaces the arcs from `begin` by the least ones of at most the same number
// that are greater than they and their extensions: 1.255.255 becomes 2. If
// there are none, removes them and returns false.
bool Raise(size_t begin, uint32_t greatest, Oid* out) {
  while (out->size() > begin) {
    const uint32_t last = out->back();
    out->Truncate(out->size() - 1);
    if (last < greatest) {
      out->Append(last + 1);
      return true;
    }
  }
  return false;
}

// Appends the first of `arcs`, up to `size`, that are not above `greatest`.
// Returns their number.
size_t AppendValid(Arcs arcs, size_t size, uint32_t greatest, Oid* out) {
  size = std::min(size, arcs.size());
  size_t valid = 0;
  while (valid < size && arcs[valid] <= greatest) out->Append(arcs[valid++]);
  return valid;
}

// The length, then so many arcs, for the lengths that `is_size` accepts.
bool SearchSizes(const IndexBound& bound, uint32_t greatest,
                 absl::FunctionRef<bool(size_t size)> is_size, Oid* out) {
  const size_t begin = out->size();
  const uint32_t first = bound.arcs.empty() ? 0 : bound.arcs.front();
  for (uint64_t size = first; size < bound.max_arcs; ++size) {
    if (!is_size(size)) continue;
    const bool is_equal = !bound.arcs.empty() && size == first;
    out->Append(static_cast<uint32_t>(size));
    if (SearchFixed(BoundAfter(bound, 1, is_equal), size, greatest, out)) {
      return true;
    }
    // No value of this length is great enough; a longer one is.
    out->Truncate(begin);
  }
  return false;
}

}  // namespace

bool SearchNumber(const IndexBound& bound, uint32_t least, uint32_t greatest,
                  Oid* out) {
  if (bound.max_arcs == 0) return false;
  uint32_t number = least;
  if (!bound.arcs.empty() && bound.arcs.front() >= least) {
    number = bound.arcs.front();
    if (number > greatest || (bound.exclusive && number == greatest)) {
      return false;
    }
    if (bound.exclusive) ++number;
  }
  out->Append(number);
  return true;
}

bool SearchFixed(const IndexBound& bound, size_t size, uint32_t greatest,
                 Oid* out) {
  if (size > bound.max_arcs) return false;
  const size_t begin = out->size();
  const size_t valid = AppendValid(bound.arcs, size, greatest, out);
  const bool is_whole = valid == size;
  const bool is_cut_off = !is_whole && valid == bound.arcs.size();
  if ((is_whole && bound.exclusive) || (!is_whole && !is_cut_off)) {
    if (!Raise(begin, greatest, out)) return false;
  }
  // Arcs that are cut off are less than each of their extensions.
  while (out->size() < begin + size) out->Append(0);
  return true;
}

bool SearchCounted(const IndexBound& bound, uint32_t greatest, Oid* out) {
  return SearchSizes(
      bound, greatest, [](size_t) { return true; }, out);
}

bool SearchImplied(const IndexBound& bound, uint32_t greatest, Oid* out) {
  const size_t begin = out->size();
  const size_t valid = AppendValid(bound.arcs, bound.max_arcs, greatest, out);
  if (valid == bound.arcs.size()) {
    if (valid > 0 && !bound.exclusive) return true;
    if (valid < bound.max_arcs) {
      out->Append(0);
      return true;
    }
  }
  // The valid arcs have no extension that is both great and short enough.
  return Raise(begin, greatest, out);
}

bool SearchInetAddress(const IndexBound& bound, Oid* out) {
  // In the order of their numbers.
  static constexpr InetAddressType kTypes[] = {
      InetAddressType::kUnknown, InetAddressType::kIpv4,
      InetAddressType::kIpv6,    InetAddressType::kIpv4z,
      InetAddressType::kIpv6z,   InetAddressType::kDns};
  if (bound.max_arcs == 0) return false;
  const size_t begin = out->size();
  const uint32_t first = bound.arcs.empty() ? 0 : bound.arcs.front();
  for (const InetAddressType type : kTypes) {
    const auto number = static_cast<uint32_t>(type);
    if (number < first) continue;
    const bool is_equal = !bound.arcs.empty() && number == first;
    const auto is_size = [type](size_t size) {
      return InetAddress::IsSizeOf(type, size);
    };
    out->Append(number);
    if (SearchSizes(BoundAfter(bound, 1, is_equal), kGreatestByte, is_size,
                    out)) {
      return true;
    }
    out->Truncate(begin);
  }
  return false;
}

bool SearchTuple(absl::Span<const SearchedPart> parts, const IndexBound& bound,
                 Oid* out) {
  if (parts.empty()) return !bound.exclusive;
  const SearchedPart& part = parts.front();
  const auto others = parts.subspan(1);
  // So that the other parts have room for one of their values.
  size_t reserved = 0;
  for (const SearchedPart& other : others) reserved += other.min_arcs;
  if (reserved > bound.max_arcs) return false;

  const size_t begin = out->size();
  const auto size = [&] { return out->size() - begin; };
  IndexBound bound_of_part = {bound.arcs, /*exclusive=*/false,
                              bound.max_arcs - reserved};
  if (!part.lower_bound(bound_of_part, out)) return false;
  if (StartsWith(bound.arcs, out->ArcsFrom(begin))) {
    if (SearchTuple(others, BoundAfter(bound, size(), true), out)) return true;
    // None of the tuples with this value is great enough, so that the answer
    // has the next value of the part.
    out->Truncate(begin);
    bound_of_part.exclusive = true;
    if (!part.lower_bound(bound_of_part, out)) return false;
  }
  if (SearchTuple(others, BoundAfter(bound, size(), false), out)) return true;
  out->Truncate(begin);
  return false;
}

bool SearchIndex(SearchFunction lower_bound, const IndexBound& bound,
                 Oid* index) {
  index->clear();
  if (!lower_bound(bound, index)) return false;
  const bool is_before = index->size() < bound.arcs.size() &&
                         StartsWith(bound.arcs, index->arcs());
  if (!is_before) return true;
  index->clear();
  return lower_bound({bound.arcs, /*exclusive=*/true, bound.max_arcs}, index);
}

}  // namespace passpersist::index_internal
