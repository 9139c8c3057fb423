// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_COLUMN_H_
#define PASSPERSIST_TABLE_COLUMN_H_

#include <cstddef>
#include <type_traits>
#include <utility>

#include "absl/status/statusor.h"
#include "passpersist/oid.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/snmp_type.h"
#include "passpersist/table/textual_convention.h"
#include "passpersist/value.h"

namespace passpersist {

// An accessor says where a value of a row is. It is one of
//
//   &Row::member          a data member, also of a base that is not virtual
//   &Row::Function        a const member function without arguments
//   a callable            that takes a const Row&
//
// Several threads may call the functions at once.
//
// The functions below say which SNMP type the value of an accessor gets, where
// its C++ type leaves a choice:
//
//   .Column(3, Counter64Of(&Disk::read_bytes))
//   .Column(4, Scaled<2>([](const Sensor& s) { return s.millivolts / 1000.0;
//   }))

// An accessor and the column type P (see SnmpType) of its value.
template <typename P, typename Accessor>
struct ColumnOf {
  Accessor accessor;
  size_t octets = 0;  // EncodeContext::octets
};

// An accessor and the part P of an index that its value is.
template <typename P, typename Accessor>
struct IndexPartOf {
  Accessor accessor;
};

// Numbers: see SnmpType. A running total of 64 bits becomes a Counter32 modulo
// 2^32.
template <typename A>
ColumnOf<Counter32, A> Counter32Of(A accessor) {
  return {std::move(accessor)};
}
template <typename A>
ColumnOf<Counter64, A> Counter64Of(A accessor) {
  return {std::move(accessor)};
}
template <typename A>
ColumnOf<Gauge32, A> Gauge32Of(A accessor) {
  return {std::move(accessor)};
}
template <typename A>
ColumnOf<Integer32, A> IntegerOf(A accessor) {
  return {std::move(accessor)};
}
template <size_t N, typename A>
ColumnOf<ScaledInteger<N>, A> Scaled(A accessor) {
  return {std::move(accessor)};
}
template <typename A>
ColumnOf<OpaqueFloat, A> OpaqueFloatOf(A accessor) {
  return {std::move(accessor)};
}
template <typename A>
ColumnOf<OpaqueDouble, A> OpaqueDoubleOf(A accessor) {
  return {std::move(accessor)};
}

// An absl::Duration.
template <typename A>
ColumnOf<TimeTicks, A> TimeTicksOf(A accessor) {
  return {std::move(accessor)};
}
template <typename A>
ColumnOf<TimeInterval, A> TimeIntervalOf(A accessor) {
  return {std::move(accessor)};
}

// An absl::Time.
template <typename A>
ColumnOf<TimeStamp, A> TimeStampOf(A accessor) {
  return {std::move(accessor)};
}
template <typename A>
ColumnOf<DateAndTime, A> DateAndTimeOf(A accessor) {
  return {std::move(accessor)};
}

// A text.
template <typename A>
ColumnOf<DisplayString, A> DisplayStringOf(A accessor) {
  return {std::move(accessor)};
}
template <typename A>
ColumnOf<SnmpAdminString, A> SnmpAdminStringOf(A accessor) {
  return {std::move(accessor)};
}

// A range of enumerators or integers. A PortList has `octets` octets.
template <typename A>
ColumnOf<Bits, A> BitsOf(A accessor) {
  return {std::move(accessor)};
}
template <typename A>
ColumnOf<PortList, A> PortListOf(A accessor, size_t octets) {
  return {std::move(accessor), octets};
}

// An index part that is a string of exactly N octets, without a length.
template <size_t N, typename A>
IndexPartOf<FixedString<N>, A> Fixed(A accessor) {
  return {std::move(accessor)};
}

namespace table_internal {

template <typename Row, typename Accessor>
constexpr bool kIsAccessor = std::is_invocable_v<const Accessor&, const Row&>;

// What an accessor returns, without references; bool for what is not an
// accessor, which CheckAccessor() reports.
template <typename Row, typename Accessor, bool = kIsAccessor<Row, Accessor>>
struct Accessed {
  using Type = std::decay_t<std::invoke_result_t<const Accessor&, const Row&>>;
};
template <typename Row, typename Accessor>
struct Accessed<Row, Accessor, false> {
  using Type = bool;
};
template <typename Row, typename Accessor>
using AccessedType = typename Accessed<Row, Accessor>::Type;

// Reports an accessor that is not one; see ReportNotAPart().
template <typename Row, typename Accessor>
void CheckAccessor() {
  static_assert(kIsAccessor<Row, Accessor>,
                "an accessor is a data member of the table's row, a const "
                "member function of it, or a callable that takes a const Row&");
}

template <typename T>
struct ImpliedPart {
  static_assert(sizeof(T) == 0, "Implied() takes a std::string or an Oid");
  using Type = T;
};
template <>
struct ImpliedPart<std::string> {
  using Type = ImpliedString;
};
template <>
struct ImpliedPart<Oid> {
  using Type = ImpliedOid;
};

// An accessor whose part depends on the type of its value.
template <typename Accessor>
struct ImpliedAccessor {
  Accessor accessor;
};

}  // namespace table_internal

// An index part with the keyword IMPLIED: a std::string or an Oid, without a
// length. It can only be the last part.
template <typename A>
table_internal::ImpliedAccessor<A> Implied(A accessor) {
  return {std::move(accessor)};
}

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_COLUMN_H_
