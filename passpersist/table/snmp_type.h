// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_SNMP_TYPE_H_
#define PASSPERSIST_TABLE_SNMP_TYPE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/converted.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/table/mac_address.h"
#include "passpersist/value.h"

namespace passpersist {

// Which SNMP value a C++ value becomes. A column type is a type P with an
// SnmpType<P>. Mostly P is the type of the C++ value:
//
//   column type                     C++ value       SNMP value
//   bool                            the same        INTEGER: TruthValue
//   int8_t, int16_t, int32_t,
//   uint8_t, uint16_t, enumeration  the same        INTEGER
//   uint32_t                        the same        Unsigned32
//   std::string, string_view        the same        OCTET STRING
//   Oid                             the same        OBJECT IDENTIFIER
//   MacAddress                      the same        OCTET STRING, 6 octets
//   your own type                   the same        specialize SnmpType
//
// Other C++ types could be several SNMP types, so the column type says which:
//
//   Integer32                       a number        or none, if out of range
//   Gauge32                         a number        the nearest in its range
//   Counter32, Counter64            a number        modulo 2^32, 2^64
//   ScaledInteger<N>                a number        INTEGER: number * 10^N
//   OpaqueFloat, OpaqueDouble       float, double   Opaque
//   TimeTicks                       absl::Duration  modulo 2^32 hundredths
//   TimeInterval                    absl::Duration  INTEGER: hundredths
//   TimeStamp                       absl::Time      TimeTicks: of sysUpTime
//   DateAndTime                     absl::Time      OCTET STRING, 11 octets
//   DisplayString                   a string        at most 255 ASCII octets
//   SnmpAdminString                 a string        at most 255 octets of UTF-8
//   Bits                            enumerators     OCTET STRING: BITS
//   PortList                        integers        OCTET STRING
//
// The last nine are in textual_convention.h. All types of value.h are column
// types of their own values, too. EncodeValue() returns the SNMP value.

// What some column types need besides the value.
struct EncodeContext {
  absl::Time sys_up_time_zero;  // TimeStamp: when sysUpTime was 0
  size_t octets = 0;            // PortList: the size of the value
};

namespace snmp_type_internal {

// Reports a C++ type that is not a column type. A function, since an error in
// SnmpType itself would be followed by errors about its members.
template <typename T>
void ReportNoDefault() {
  constexpr bool kFails = sizeof(T) == 0;
  if constexpr (std::is_floating_point_v<T>) {
    static_assert(
        kFails,
        "a floating-point number has no default SNMP type; use "
        "ScaledInteger<N>, OpaqueFloat, OpaqueDouble, Integer32 or Gauge32");
  } else if constexpr (std::is_integral_v<T>) {
    static_assert(kFails,
                  "a 64-bit integer has no default SNMP type; use Counter64 "
                  "for a total, Gauge32 for a level, or Integer32; in a table, "
                  "Counter64Of(&Row::x), Gauge32Of() or IntegerOf()");
  } else if constexpr (std::is_same_v<T, absl::Duration>) {
    static_assert(kFails,
                  "a duration has no default SNMP type; use TimeTicks or "
                  "TimeInterval; in a table, TimeTicksOf(&Row::x) or "
                  "TimeIntervalOf()");
  } else if constexpr (std::is_same_v<T, absl::Time>) {
    static_assert(kFails,
                  "a time has no default SNMP type; use DateAndTime or "
                  "TimeStamp; in a table, DateAndTimeOf(&Row::x) or "
                  "TimeStampOf()");
  } else {
    static_assert(kFails,
                  "this C++ type has no SNMP type; specialize SnmpType for it");
  }
}

// Converts a number from SNMP to a C++ number or enumeration of any type.
template <typename T, typename Number>
ErrorStatus DecodeNumber(Number number, T* out) {
  if constexpr (std::is_floating_point_v<T>) {
    *out = static_cast<T>(number);
  } else {
    using Integer =
        typename std::conditional_t<std::is_enum_v<T>, std::underlying_type<T>,
                                    std::common_type<T>>::type;
    if (!value_internal::IsInRange<Integer>(value_internal::Widen(number))) {
      return ErrorStatus::kWrongValue;
    }
    *out = static_cast<T>(number);
  }
  return ErrorStatus::kNoError;
}

// A counter from a number. An integer always has one, modulo 2^32 or 2^64.
template <typename Counter, typename T>
auto Wrapped(T number) {
  if constexpr (std::is_integral_v<T>) {
    return *Counter::FromNumberWrapped(number);
  } else {
    return Counter::FromNumberWrapped(number);
  }
}

ErrorStatus DecodeTruthValue(Integer32 value, bool* out);

// A type of value.h is its own column type.
template <typename T>
struct WireType {
  using Wire = T;
  static T Encode(const T& value) { return value; }
  static ErrorStatus Decode(const T& wire, T* value) {
    *value = wire;
    return ErrorStatus::kNoError;
  }
};

// The same, or any number.
template <typename T>
struct NumberType : WireType<T> {
  using WireType<T>::Decode;
  template <typename Number, value_internal::IfNumber<Number> = true>
  static ErrorStatus Decode(const T& wire, Number* number) {
    return DecodeNumber(wire.value, number);
  }
};

template <typename T>
constexpr bool kIsInteger32 = std::is_enum_v<T> ||
                              (std::is_integral_v<T> &&
                               !std::is_same_v<T, bool> &&
                               (sizeof(T) < 4 ||
                                (sizeof(T) == 4 && std::is_signed_v<T>)));

template <typename T>
constexpr bool kIsUnsigned32 = std::is_integral_v<T>&& std::is_unsigned_v<T> &&
                               sizeof(T) == 4;

}  // namespace snmp_type_internal

// For a type of your own, declare a specialization after the type:
//
//   template <>
//   struct SnmpType<Celsius> {
//     using Wire = Integer32;  // a type of value.h
//     static Integer32 Encode(Celsius t) { return {t.degrees}; }
//     static ErrorStatus Decode(Integer32 wire, Celsius* t) {
//       t->degrees = wire.value;
//       return ErrorStatus::kNoError;
//     }
//   };
//
// Encode() may return a Converted<Wire> or absl::StatusOr<Wire> if some C++
// values have no SNMP value. In the place of an OctetString it may return an
// absl::string_view that is valid as long as the argument. It may have a second
// parameter, const EncodeContext&.
//
// Decode() is optional. Without it, rows cannot be read back. It returns
// kWrongValue, kWrongLength or kWrongEncoding for an SNMP value that is not the
// value of any C++ value; `*t` is then unspecified.
template <typename P, typename = void>
struct SnmpType {
  using Wire = Integer32;
  static Integer32 Encode(const P&) {
    snmp_type_internal::ReportNoDefault<P>();
    return {};
  }
};

template <>
struct SnmpType<bool> {
  using Wire = Integer32;
  // A template, so that nothing converts to bool.
  template <typename T, std::enable_if_t<std::is_same_v<T, bool>, bool> = true>
  static Integer32 Encode(T value) {
    return Integer32::FromBool(value);
  }
  static ErrorStatus Decode(Integer32 wire, bool* value) {
    return snmp_type_internal::DecodeTruthValue(wire, value);
  }
};

template <typename T>
struct SnmpType<T, std::enable_if_t<snmp_type_internal::kIsInteger32<T>>> {
  using Wire = Integer32;
  static Converted<Integer32> Encode(T value) {
    return Integer32::FromNumber(value);
  }
  static ErrorStatus Decode(Integer32 wire, T* value) {
    return snmp_type_internal::DecodeNumber(wire.value, value);
  }
};

template <typename T>
struct SnmpType<T, std::enable_if_t<snmp_type_internal::kIsUnsigned32<T>>> {
  using Wire = Unsigned32;
  static Unsigned32 Encode(T value) { return {value}; }
  static ErrorStatus Decode(Unsigned32 wire, T* value) {
    *value = wire.value;
    return ErrorStatus::kNoError;
  }
};

template <>
struct SnmpType<std::string> {
  using Wire = OctetString;
  static absl::string_view Encode(absl::string_view value) { return value; }
  static ErrorStatus Decode(const OctetString& wire, std::string* value) {
    *value = wire.bytes;
    return ErrorStatus::kNoError;
  }
};
template <>
struct SnmpType<absl::string_view> : SnmpType<std::string> {};
template <>
struct SnmpType<const char*> : SnmpType<std::string> {};

template <>
struct SnmpType<OctetString> : SnmpType<std::string> {
  using SnmpType<std::string>::Encode;
  static absl::string_view Encode(const OctetString& value) {
    return value.bytes;
  }
  static ErrorStatus Decode(const OctetString& wire, OctetString* value) {
    *value = wire;
    return ErrorStatus::kNoError;
  }
};

template <>
struct SnmpType<MacAddress> {
  using Wire = OctetString;
  static absl::string_view Encode(const MacAddress& value) {
    return {reinterpret_cast<const char*>(value.octets.data()),
            value.octets.size()};
  }
  static ErrorStatus Decode(const OctetString& wire, MacAddress* value);
};

template <>
struct SnmpType<Oid> {
  using Wire = ObjectIdentifier;
  static ObjectIdentifier Encode(const Oid& value) { return {value}; }
  static ErrorStatus Decode(const ObjectIdentifier& wire, Oid* value) {
    *value = wire.value;
    return ErrorStatus::kNoError;
  }
};
template <>
struct SnmpType<ObjectIdentifier> : SnmpType<Oid> {
  using SnmpType<Oid>::Encode;
  static const ObjectIdentifier& Encode(const ObjectIdentifier& value) {
    return value;
  }
  using SnmpType<Oid>::Decode;
  static ErrorStatus Decode(const ObjectIdentifier& wire,
                            ObjectIdentifier* value) {
    *value = wire;
    return ErrorStatus::kNoError;
  }
};

template <>
struct SnmpType<Integer32> : snmp_type_internal::NumberType<Integer32> {
  using NumberType::Encode;
  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Integer32> Encode(T number) {
    return Integer32::FromNumber(number);
  }
};

template <>
struct SnmpType<Gauge32> : snmp_type_internal::NumberType<Gauge32> {
  using NumberType::Encode;
  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Gauge32> Encode(T number) {
    return Gauge32::FromNumberSaturated(number);
  }
};

template <>
struct SnmpType<Counter32> : snmp_type_internal::NumberType<Counter32> {
  using NumberType::Encode;
  template <typename T, value_internal::IfNumber<T> = true>
  static auto Encode(T number) {
    return snmp_type_internal::Wrapped<Counter32>(number);
  }
};

template <>
struct SnmpType<Counter64> : snmp_type_internal::NumberType<Counter64> {
  using NumberType::Encode;
  template <typename T, value_internal::IfNumber<T> = true>
  static auto Encode(T number) {
    return snmp_type_internal::Wrapped<Counter64>(number);
  }
};

template <>
struct SnmpType<TimeTicks> : snmp_type_internal::WireType<TimeTicks> {
  using WireType::Encode;
  static TimeTicks Encode(absl::Duration duration) {
    return TimeTicks::FromDuration(duration);
  }
  using WireType::Decode;
  static ErrorStatus Decode(TimeTicks wire, absl::Duration* duration) {
    *duration = wire.ToDuration();
    return ErrorStatus::kNoError;
  }
};

template <>
struct SnmpType<IpAddress> : snmp_type_internal::WireType<IpAddress> {};

template <>
struct SnmpType<Opaque> : snmp_type_internal::WireType<Opaque> {};

namespace snmp_type_internal {

template <typename P, typename T, typename = void>
constexpr bool kNeedsContext = false;
template <typename P, typename T>
constexpr bool kNeedsContext<
    P, T,
    std::void_t<decltype(SnmpType<P>::Encode(
        std::declval<const T&>(), std::declval<const EncodeContext&>()))>> =
    true;

// Calls SnmpType<P>::Encode().
template <typename P, typename T>
decltype(auto) Encode(const T& value, const EncodeContext& context) {
  if constexpr (kNeedsContext<P, T>) {
    return SnmpType<P>::Encode(value, context);
  } else {
    return SnmpType<P>::Encode(value);
  }
}

// Turns the result of any Encode() into a value or an error.
template <typename Wire>
absl::StatusOr<Value> ToValue(const Wire& value) {
  return Value(value);
}
inline absl::StatusOr<Value> ToValue(absl::string_view bytes) {
  return Value(OctetString{std::string(bytes)});
}
template <typename Wire>
absl::StatusOr<Value> ToValue(const Converted<Wire>& converted) {
  return converted;
}
template <typename Wire>
absl::StatusOr<Value> ToValue(const absl::StatusOr<Wire>& result) {
  if (!result.ok()) return result.status();
  return ToValue(*result);
}

}  // namespace snmp_type_internal

// Returns the SNMP value of `value` by the column type P, or the reason why
// there is none:
//
//   EncodeValue(true)                  -> Integer32 1
//   EncodeValue<Counter32>(1ull << 32) -> Counter32 0
//   EncodeValue<ScaledInteger<2>>(3.14159) -> Integer32 314
template <typename P = void, typename T>
absl::StatusOr<Value> EncodeValue(const T& value,
                                  const EncodeContext& context = {}) {
  using Type = std::conditional_t<std::is_void_v<P>, std::decay_t<const T>, P>;
  return snmp_type_internal::ToValue(
      snmp_type_internal::Encode<Type>(value, context));
}

namespace table_internal {

// The type of the value in an optional or StatusOr; another type is its own.
template <typename T>
struct Unwrapped {
  using Type = T;
};
template <typename T>
struct Unwrapped<std::optional<T>> : Unwrapped<T> {};
template <typename T>
struct Unwrapped<absl::StatusOr<T>> : Unwrapped<T> {};

}  // namespace table_internal

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_SNMP_TYPE_H_
