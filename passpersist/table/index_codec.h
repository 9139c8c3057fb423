// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_INDEX_CODEC_H_
#define PASSPERSIST_TABLE_INDEX_CODEC_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/index_search.h"

namespace passpersist {

namespace index_internal {

// Returns OutOfRange if the name of a cell would have more than Oid::kMaxArcs
// arcs, and InvalidArgument if `index` is empty.
absl::Status ArcsError(const Oid& index, size_t arcs_before);
inline absl::Status CheckArcs(const Oid& index, size_t arcs_before) {
  if (ABSL_PREDICT_TRUE(!index.empty() &&
                        arcs_before + index.size() <= Oid::kMaxArcs)) {
    return absl::OkStatus();
  }
  return ArcsError(index, arcs_before);
}

}  // namespace index_internal

// Encodes and decodes the indexes of the rows of a table. Index is a part of
// index_part.h, mostly a tuple of parts:
//
//   const IndexCodec<std::tuple<InetAddress, ImpliedString>> codec;
//   codec.Encode({address, "eth0"})            -> 1.4.10.0.0.1.101.116.104.48
//   codec.Decode({1, 4, 10, 0, 0, 1, 101, …})  -> {address, "eth0"}
//
// Decoding is strict: it accepts exactly the arcs that Encode() returns for
// some value. Other arcs, such as a cut off index or 300 for a byte, are not
// the index of any row.
//
// LowerBound() and UpperBound() are for requests that ask what follows a name.
// They need IndexSearch, which a type of your own may lack.
//
// A value type. Safe for concurrent use.
template <typename Index>
class IndexCodec {
 public:
  using Value = typename IndexPart<Index>::Value;

  // The fewest arcs of an index.
  static constexpr size_t kMinArcs = IndexPart<Index>::kMinArcs;

  // Names have `arcs_before` arcs before the index: the OID of the table, the 1
  // of its entry, and the column. Indexes that would make a name longer than
  // Oid::kMaxArcs do not exist.
  explicit constexpr IndexCodec(size_t arcs_before = 0)
      : arcs_before_(arcs_before) {}

  // Returns the arcs of the index. The errors say which part is wrong:
  //
  //   OutOfRange       a number is not in 0..2^32-1, or the name is too long
  //   InvalidArgument  any other value that has no encoding
  absl::StatusOr<Oid> Encode(const Value& value) const {
    Oid index;
    absl::Status status = Encode(value, &index);
    if (!status.ok()) return status;
    return index;
  }

  // The same, but reuses the memory of `index`, which is unspecified after an
  // error.
  absl::Status Encode(const Value& value, Oid* index) const {
    index->clear();
    absl::Status status = IndexPart<Index>::Encode(value, index);
    if (!status.ok()) return status;
    return index_internal::CheckArcs(*index, arcs_before_);
  }

  // Returns the value whose index is `arcs`, or std::nullopt if there is none.
  std::optional<Value> Decode(absl::Span<const uint32_t> arcs) const {
    std::optional<Value> value(std::in_place);
    if (!Decode(arcs, &*value)) value.reset();
    return value;
  }

  // The same, but reuses the memory of `value`, which is unspecified if the
  // result is false.
  bool Decode(absl::Span<const uint32_t> arcs, Value* value) const {
    absl::Span<const uint32_t> rest = arcs;
    if (!IndexPart<Index>::Decode(&rest, value) || !rest.empty()) return false;
    Oid index;
    return Encode(*value, &index).ok() && index.arcs() == arcs;
  }

  // Returns the least value, in the order of OidLess, whose index is not before
  // `arcs`, which may be any arcs: {} finds the first index of all, and those
  // of a cut off index the first of its extensions. Returns std::nullopt if
  // there is none.
  std::optional<Value> LowerBound(absl::Span<const uint32_t> arcs) const {
    return Search(arcs, /*exclusive=*/false);
  }

  // Returns the least value whose index is after `arcs`, or std::nullopt if
  // there is none.
  std::optional<Value> UpperBound(absl::Span<const uint32_t> arcs) const {
    return Search(arcs, /*exclusive=*/true);
  }

 private:
  std::optional<Value> Search(absl::Span<const uint32_t> arcs,
                              bool exclusive) const {
    const size_t max_arcs =
        Oid::kMaxArcs - std::min(arcs_before_, Oid::kMaxArcs);
    Oid index;
    if (!index_internal::SearchIndex(&IndexSearch<Index>::LowerBound,
                                     {arcs, exclusive, max_arcs}, &index)) {
      return std::nullopt;
    }
    return Decode(index.arcs());
  }

  // Here because clang knows no members after a failed assertion.
  static_assert(kMinArcs > 0, "an index has at least one arc");
  static_assert(kMinArcs <= Oid::kMaxArcs,
                "the index of a row is longer than a name, which has at most "
                "128 arcs");

  size_t arcs_before_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_INDEX_CODEC_H_
