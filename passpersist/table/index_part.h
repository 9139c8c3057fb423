// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_INDEX_PART_H_
#define PASSPERSIST_TABLE_INDEX_PART_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/converted.h"
#include "passpersist/oid.h"
#include "passpersist/table/inet_address.h"
#include "passpersist/table/mac_address.h"
#include "passpersist/value.h"

namespace passpersist {

// The parts of a row's index, and their encoding as arcs (RFC 2578 section
// 7.7). A part is a type P with an IndexPart<P>:
//
//   part                        value              arcs
//   integer, enum class         the same           the number, 0..2^32-1
//   std::string                 the same           length, bytes
//   Oid                         the same           length, arcs
//   FixedString<N>              std::string        N bytes
//   std::array<uint8_t, N>      the same           N bytes
//   IpAddress, MacAddress       the same           4, 6 bytes
//   InetAddress                 the same           type, length, bytes
//   ImpliedString               std::string        at least one byte
//   ImpliedOid                  Oid                at least one arc
//   std::tuple<P, ...>          std::tuple<V, ...> those of each part
//   your own type               the same           specialize IndexPart
//
// InetAddress is two objects of a MIB module. ImpliedString and ImpliedOid are
// for objects with the keyword IMPLIED; they can only be the last part.
// IndexCodec encodes and decodes whole indexes, OidLess compares them.

// An OCTET STRING of exactly N bytes.
template <size_t N>
struct FixedString {};

// An OCTET STRING or OBJECT IDENTIFIER with the keyword IMPLIED.
struct ImpliedString {};
struct ImpliedOid {};

// The base of each IndexPart. `kArcs` is the least number of arcs of a value.
// If `kIsImplied` is true, a value ends where the index ends, so that it can
// only be the last part.
template <typename T, size_t kArcs, bool kIsImplied = false>
struct IndexPartBase {
  using Value = T;
  static constexpr size_t kMinArcs = kArcs;
  static constexpr bool kImplied = kIsImplied;
};

namespace index_internal {

// The arcs that are left to decode.
using Arcs = absl::Span<const uint32_t>;

// A number in an index, for Converted.
struct Arc {
  static constexpr char kName[] = "table index";
  uint32_t value = 0;
};

// Append to `out`. Return OutOfRange if the result is longer than a name may
// be, and InvalidArgument for an InetAddress whose size is not one of its type.
absl::Status EncodeBytes(absl::string_view value, Oid* out);
absl::Status EncodeString(absl::string_view value, Oid* out);
absl::Status EncodeOid(const Oid& value, Oid* out);
absl::Status EncodeInetAddress(const InetAddress& value, Oid* out);

// The errors of parts of which not every size has an encoding.
absl::Status WrongSize(absl::string_view value, size_t size);
absl::Status EmptyImplied();

// Take the arcs of a value from the front of `arcs`. Return false if there is
// no value.
bool DecodeNumber(Arcs* arcs, uint64_t greatest, uint32_t* value);
bool DecodeBytes(Arcs* arcs, absl::Span<uint8_t> value);
bool DecodeBytes(Arcs* arcs, size_t size, std::string* value);
bool DecodeString(Arcs* arcs, std::string* value);
bool DecodeOid(Arcs* arcs, Oid* value);
bool DecodeInetAddress(Arcs* arcs, InetAddress* value);

// Return a number less than, equal to or greater than 0.
template <typename T>
int CompareValues(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}
// The shorter one is less.
int CompareStrings(absl::string_view a, absl::string_view b);

// Tells in an error which part of a tuple it is about, counting from 1.
absl::Status AnnotatePart(const absl::Status& status, size_t number);

template <typename T>
constexpr bool kIsIndexNumber = (std::is_integral_v<T> &&
                                 !std::is_same_v<T, bool>) ||
                                (std::is_enum_v<T> &&
                                 !std::is_convertible_v<T, int64_t>);

template <typename T, bool = std::is_enum_v<T>>
struct Integer {
  using Type = T;
};
template <typename T>
struct Integer<T, true> {
  using Type = std::underlying_type_t<T>;
};

template <typename T>
auto& OctetsOf(T& value) {
  return value.octets;
}
template <size_t N>
auto& OctetsOf(std::array<uint8_t, N>& value) {
  return value;
}
template <size_t N>
auto& OctetsOf(const std::array<uint8_t, N>& value) {
  return value;
}

// Reports a type that is not a part. A function, since an error in IndexPart
// itself would be followed by errors about its members.
template <typename P>
void ReportNotAPart() {
  static_assert(
      sizeof(P) == 0,
      "not a part of an index; use an integer, an enum class, std::string, "
      "Oid, FixedString<N>, std::array<uint8_t, N>, IpAddress, MacAddress, "
      "InetAddress, ImpliedString, ImpliedOid, a std::tuple of these, or "
      "specialize IndexPart for your type");
}

// The part of a T that has N octets.
template <typename T, size_t N>
struct OctetsPart : IndexPartBase<T, N> {
  static absl::Status Encode(const T& value, Oid* out) {
    const auto& octets = OctetsOf(value);
    return EncodeBytes({reinterpret_cast<const char*>(octets.data()), N}, out);
  }
  static bool Decode(Arcs* arcs, T* value) {
    return DecodeBytes(arcs, absl::MakeSpan(OctetsOf(*value)));
  }
  static int Compare(const T& a, const T& b) {
    return CompareValues(OctetsOf(a), OctetsOf(b));
  }
};

}  // namespace index_internal

// The encoding of a part. For a type of your own, declare a specialization
// after the type. It may use the parts of other types:
//
//   template <>
//   struct IndexPart<Vlan> : IndexPartBase<Vlan, 1> {
//     static absl::Status Encode(const Vlan& vlan, Oid* out) {
//       return IndexPart<uint16_t>::Encode(vlan.id, out);
//     }
//     static bool Decode(absl::Span<const uint32_t>* arcs, Vlan* vlan) {
//       return IndexPart<uint16_t>::Decode(arcs, &vlan->id);
//     }
//   };
//
// Encode() appends arcs, or returns an error if the value has no encoding.
// Decode() takes the arcs of a value from the front of `arcs`, or returns false
// if they are not an encoding; `*vlan` is then unspecified. IndexCodec rejects
// arcs that Encode() does not return, so Decode() may accept more. An encoding
// has at least one arc and, unless kImplied, is not a prefix of another.
//
// Compare(a, b), less than, equal to or greater than 0 in the order of the
// encodings, is optional. Without it OidLess encodes the values; then values
// without an encoding are equivalent, and less than all others.
template <typename P, typename = void>
struct IndexPart : IndexPartBase<P, 1> {
  static absl::Status Encode(const P&, Oid*) {
    index_internal::ReportNotAPart<P>();
    return absl::OkStatus();
  }
  static bool Decode(absl::Span<const uint32_t>*, P*) {
    index_internal::ReportNotAPart<P>();
    return false;
  }
  static int Compare(const P&, const P&) {
    index_internal::ReportNotAPart<P>();
    return 0;
  }
};

// Numbers: a negative one, or one above 2^32-1, has no encoding.
template <typename T>
struct IndexPart<T, std::enable_if_t<index_internal::kIsIndexNumber<T>>>
    : IndexPartBase<T, 1> {
  static absl::Status Encode(T value, Oid* out) {
    const auto arc = value_internal::Convert<index_internal::Arc>(value);
    if (!arc) return arc.status();
    out->Append(arc->value);
    return absl::OkStatus();
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, T* value) {
    using Limits =
        std::numeric_limits<typename index_internal::Integer<T>::Type>;
    uint32_t arc = 0;
    if (!index_internal::DecodeNumber(arcs, Limits::max(), &arc)) return false;
    *value = static_cast<T>(arc);
    return true;
  }
  static int Compare(T a, T b) { return index_internal::CompareValues(a, b); }
};

template <>
struct IndexPart<std::string> : IndexPartBase<std::string, 1> {
  static absl::Status Encode(absl::string_view value, Oid* out) {
    return index_internal::EncodeString(value, out);
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, std::string* value) {
    return index_internal::DecodeString(arcs, value);
  }
  static int Compare(absl::string_view a, absl::string_view b) {
    return index_internal::CompareStrings(a, b);
  }
};

// A string of another size has no encoding.
template <size_t N>
struct IndexPart<FixedString<N>> : IndexPartBase<std::string, N> {
  static absl::Status Encode(absl::string_view value, Oid* out) {
    if (value.size() != N) return index_internal::WrongSize(value, N);
    return index_internal::EncodeBytes(value, out);
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, std::string* value) {
    return index_internal::DecodeBytes(arcs, N, value);
  }
  static int Compare(absl::string_view a, absl::string_view b) {
    return a.compare(b);
  }
};

// The empty string has no encoding.
template <>
struct IndexPart<ImpliedString>
    : IndexPartBase<std::string, 1, /*kIsImplied=*/true> {
  static absl::Status Encode(absl::string_view value, Oid* out) {
    if (value.empty()) return index_internal::EmptyImplied();
    return index_internal::EncodeBytes(value, out);
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, std::string* value) {
    return index_internal::DecodeBytes(arcs, arcs->size(), value);
  }
  static int Compare(absl::string_view a, absl::string_view b) {
    return a.compare(b);
  }
};

template <>
struct IndexPart<Oid> : IndexPartBase<Oid, 1> {
  static absl::Status Encode(const Oid& value, Oid* out) {
    return index_internal::EncodeOid(value, out);
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, Oid* value) {
    return index_internal::DecodeOid(arcs, value);
  }
  static int Compare(const Oid& a, const Oid& b) {
    const int order = index_internal::CompareValues(a.size(), b.size());
    return order != 0 ? order : index_internal::CompareValues(a, b);
  }
};

// The empty Oid has no encoding.
template <>
struct IndexPart<ImpliedOid> : IndexPartBase<Oid, 1, /*kIsImplied=*/true> {
  static absl::Status Encode(const Oid& value, Oid* out) {
    if (value.empty()) return index_internal::EmptyImplied();
    out->Append(value);
    return absl::OkStatus();
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, Oid* value) {
    value->Assign(*arcs);
    arcs->remove_prefix(arcs->size());
    return true;
  }
  static int Compare(const Oid& a, const Oid& b) {
    return index_internal::CompareValues(a, b);
  }
};

template <size_t N>
struct IndexPart<std::array<uint8_t, N>>
    : index_internal::OctetsPart<std::array<uint8_t, N>, N> {};

template <>
struct IndexPart<IpAddress> : index_internal::OctetsPart<IpAddress, 4> {};

template <>
struct IndexPart<MacAddress> : index_internal::OctetsPart<MacAddress, 6> {};

// An address whose size is not one of its type has no encoding.
template <>
struct IndexPart<InetAddress> : IndexPartBase<InetAddress, 2> {
  static absl::Status Encode(const InetAddress& value, Oid* out) {
    return index_internal::EncodeInetAddress(value, out);
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, InetAddress* value) {
    return index_internal::DecodeInetAddress(arcs, value);
  }
  static int Compare(const InetAddress& a, const InetAddress& b) {
    const int order = index_internal::CompareValues(a.type, b.type);
    return order != 0 ? order
                      : index_internal::CompareStrings(a.bytes, b.bytes);
  }
};

namespace index_internal {

template <typename P, typename = void>
constexpr bool kHasCompare = false;
template <typename P>
constexpr bool
    kHasCompare<P, std::void_t<decltype(IndexPart<P>::Compare(
                       std::declval<const typename IndexPart<P>::Value&>(),
                       std::declval<const typename IndexPart<P>::Value&>()))>> =
        true;

// Compares the encodings of two values of a part.
template <typename P>
int ComparePart(const typename IndexPart<P>::Value& a,
                const typename IndexPart<P>::Value& b) {
  if constexpr (kHasCompare<P>) {
    return IndexPart<P>::Compare(a, b);
  } else {
    Oid arcs_of_a;
    Oid arcs_of_b;
    if (!IndexPart<P>::Encode(a, &arcs_of_a).ok()) arcs_of_a.clear();
    if (!IndexPart<P>::Encode(b, &arcs_of_b).ok()) arcs_of_b.clear();
    return CompareValues(arcs_of_a, arcs_of_b);
  }
}

constexpr bool OnlyTheLastIsImplied(std::initializer_list<bool> implied) {
  size_t left = implied.size();
  for (const bool part : implied) {
    if (part && left > 1) return false;
    --left;
  }
  return true;
}

// Reports a tuple that is not an index; see ReportNotAPart().
template <typename... Parts>
void CheckTuple() {
  static_assert(
      OnlyTheLastIsImplied({IndexPart<Parts>::kImplied...}),
      "only the last part of an index may be implied (RFC 2578 section 7.7); "
      "use std::string or Oid, which have their length first, or move "
      "ImpliedString or ImpliedOid to the end");
}

template <typename Sequence, typename... Parts>
struct TuplePart;

template <size_t... kParts, typename... Parts>
struct TuplePart<std::index_sequence<kParts...>, Parts...>
    : IndexPartBase<std::tuple<typename IndexPart<Parts>::Value...>,
                    (0 + ... + IndexPart<Parts>::kMinArcs),
                    (false || ... || IndexPart<Parts>::kImplied)> {
  using Value = typename TuplePart::IndexPartBase::Value;

  static absl::Status Encode(const Value& value, Oid* out) {
    CheckTuple<Parts...>();
    absl::Status status;
    (EncodePart<kParts, Parts>(value, out, &status) && ...);
    return status;
  }

  static bool Decode(Arcs* arcs, Value* value) {
    CheckTuple<Parts...>();
    return (IndexPart<Parts>::Decode(arcs, &std::get<kParts>(*value)) && ...);
  }

  static int Compare(const Value& a, const Value& b) {
    CheckTuple<Parts...>();
    int order = 0;
    const bool equal =
        (((order = ComparePart<Parts>(std::get<kParts>(a),
                                      std::get<kParts>(b))) == 0) &&
         ...);
    return equal ? 0 : order;
  }

 private:
  template <size_t kPart, typename P>
  static bool EncodePart(const Value& value, Oid* out, absl::Status* status) {
    *status = IndexPart<P>::Encode(std::get<kPart>(value), out);
    if (status->ok()) return true;
    *status = AnnotatePart(*status, kPart + 1);
    return false;
  }
};

}  // namespace index_internal

template <typename... Parts>
struct IndexPart<std::tuple<Parts...>>
    : index_internal::TuplePart<std::index_sequence_for<Parts...>, Parts...> {};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_INDEX_PART_H_
