// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_VALUE_H_
#define PASSPERSIST_VALUE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/converted.h"
#include "passpersist/oid.h"

namespace passpersist {

namespace value_internal {

// The number of a type. It is made by braces only, as that of an aggregate is:
// the compiler then rejects a constant out of range, and a variable whose type
// has numbers out of range. An aggregate would take a bool as 0 or 1, and a
// constructor from Int would take any number without a check. A constructor
// from a list is used by braces only, and a list of bool is a better match for
// a bool than a list of Int.
template <typename Int>
struct Number {
  constexpr Number() = default;
  // Requires one element. NOLINTNEXTLINE: implicit
  constexpr Number(std::initializer_list<Int> number)
      : value(*number.begin()) {}

  template <typename T, std::enable_if_t<std::is_same_v<T, bool>, bool> = true>
  constexpr Number(std::initializer_list<T>) {  // NOLINT: implicit
    static_assert(sizeof(T) == 0,
                  "a bool is not a number: use Integer32::FromBool(), which "
                  "makes a TruthValue");
  }

  Int value = 0;
};

}  // namespace value_internal

// The types of RFC 2578 section 7.1. Each is a distinct C++ type, so a counter
// can't be mistaken for a gauge. kName is the name of the type, such as
// "Counter32". All are value types.
//
// Braces make a value of a number: Integer32{5}, Counter32{octets}. The
// compiler rejects a number that might be out of range, and a bool.
//
// The conversions of numbers follow the same rules in all types. They accept
// any C++ number or enumeration, but no bool. They round floating-point numbers
// to the nearest integer, halves away from zero; infinities and NaN have no
// value.
//
//   FromNumber()           a number out of range has no value
//   FromNumberSaturated()  becomes the nearest value; status() tells that
//   FromNumberWrapped()    is taken modulo 2^32 or 2^64, which is no error

// INTEGER and Integer32: -2^31..2^31-1.
struct Integer32 : value_internal::Number<int32_t> {
  static constexpr char kName[] = "Integer32";
  using Number::Number;

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Integer32> FromNumber(T number) {
    return value_internal::Convert<Integer32>(number);
  }

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Integer32> FromNumberSaturated(T number) {
    return value_internal::ConvertSaturated<Integer32>(number);
  }

  // Makes a TruthValue (RFC 2579): true(1) or false(2). Takes nothing that only
  // converts to bool.
  template <typename T, std::enable_if_t<std::is_same_v<T, bool>, bool> = true>
  static Integer32 FromBool(T value) {
    return {value ? 1 : 2};
  }
};

// A counter modulo 2^32 (RFC 2578 section 7.1.6): -1 wraps to 4294967295.
struct Counter32 : value_internal::Number<uint32_t> {
  static constexpr char kName[] = "Counter32";
  using Number::Number;

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Counter32> FromNumber(T number) {
    return value_internal::Convert<Counter32>(number);
  }

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Counter32> FromNumberWrapped(T number) {
    return value_internal::ConvertWrapped<Counter32>(number);
  }
};

// A counter modulo 2^64 (RFC 2578 section 7.1.10).
struct Counter64 : value_internal::Number<uint64_t> {
  static constexpr char kName[] = "Counter64";
  using Number::Number;

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Counter64> FromNumber(T number) {
    return value_internal::Convert<Counter64>(number);
  }

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Counter64> FromNumberWrapped(T number) {
    return value_internal::ConvertWrapped<Counter64>(number);
  }
};

// 0..2^32-1; a gauge latches at both ends (RFC 2578 section 7.1.7). Unsigned32
// is the same type on the wire.
struct Gauge32 : value_internal::Number<uint32_t> {
  static constexpr char kName[] = "Gauge32";
  using Number::Number;

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Gauge32> FromNumber(T number) {
    return value_internal::Convert<Gauge32>(number);
  }

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Gauge32> FromNumberSaturated(T number) {
    return value_internal::ConvertSaturated<Gauge32>(number);
  }
};
using Unsigned32 = Gauge32;

// Hundredths of a second, modulo 2^32 (RFC 2578 section 7.1.8).
struct TimeTicks : value_internal::Number<uint32_t> {
  static constexpr char kName[] = "TimeTicks";
  using Number::Number;

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<TimeTicks> FromNumber(T hundredths) {
    return value_internal::Convert<TimeTicks>(hundredths);
  }

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<TimeTicks> FromNumberWrapped(T hundredths) {
    return value_internal::ConvertWrapped<TimeTicks>(hundredths);
  }

  // Truncates to whole hundredths and wraps. A negative duration becomes 0, an
  // infinite duration becomes 2^32-1.
  static TimeTicks FromDuration(absl::Duration duration);
  absl::Duration ToDuration() const { return absl::Milliseconds(10) * value; }
};

// Four octets, most significant first. IpAddress has no IPv6 form (RFC 2578
// section 7.1.5): IPv6 addresses are OctetStrings.
struct IpAddress {
  static constexpr char kName[] = "IpAddress";
  std::array<uint8_t, 4> octets = {0, 0, 0, 0};

  // Parses four decimal numbers of 0..255, such as "10.1.2.3". Returns
  // InvalidArgument for any other text.
  static absl::StatusOr<IpAddress> Parse(absl::string_view text);

  // Takes four bytes, as in struct in_addr. Returns InvalidArgument for another
  // number of bytes.
  static absl::StatusOr<IpAddress> FromBytes(absl::string_view bytes);
};

struct ObjectIdentifier {
  static constexpr char kName[] = "ObjectIdentifier";
  Oid value;
};

// Arbitrary bytes: text, addresses, BITS.
struct OctetString {
  static constexpr char kName[] = "OctetString";
  std::string bytes;

  // Parses pairs of hex digits, optionally separated by one blank, ':' or '-':
  // "01 00 1f 0b 00 0b", "01:00:1f", "01001f". Returns InvalidArgument, naming
  // the text and the position, for any other text.
  static absl::StatusOr<OctetString> FromHex(absl::string_view text);

  // Makes a BITS value (RFC 2578 section 7.1.4): bit 0 is the most significant
  // bit of the first octet. The value has as many octets as the highest bit
  // needs.
  static OctetString FromBits(std::initializer_list<size_t> bits);
};

// Opaque holds BER. Net-SNMP and its clients use four wrappers for numbers
// (net-snmp snmplib/asn1.c, ASN_OPAQUE_FLOAT and the following constants): the
// tag 0x9f, then 0x78 float, 0x79 double, 0x7a Integer64, 0x7b Unsigned64. SNMP
// carries floating-point and signed 64-bit numbers in these wrappers.
struct Opaque {
  static constexpr char kName[] = "Opaque";
  std::string bytes;

  static Opaque FromFloat(float number);
  static Opaque FromDouble(double number);
  static Opaque FromInteger64(int64_t number);
  static Opaque FromUnsigned64(uint64_t number);

  // Returns the number if the bytes are exactly one wrapper of that type.
  std::optional<float> AsFloat() const;
  std::optional<double> AsDouble() const;
  std::optional<int64_t> AsInteger64() const;
  std::optional<uint64_t> AsUnsigned64() const;
};

// operator<< writes ToString() of the value.
#define PASSPERSIST_VALUE_OPERATORS(Type, field)                             \
  inline bool operator==(const Type& a, const Type& b) {                     \
    return a.field == b.field;                                               \
  }                                                                          \
  inline bool operator!=(const Type& a, const Type& b) { return !(a == b); } \
  std::ostream& operator<<(std::ostream& os, const Type& value);
PASSPERSIST_VALUE_OPERATORS(Integer32, value)
PASSPERSIST_VALUE_OPERATORS(Counter32, value)
PASSPERSIST_VALUE_OPERATORS(Counter64, value)
PASSPERSIST_VALUE_OPERATORS(Gauge32, value)
PASSPERSIST_VALUE_OPERATORS(TimeTicks, value)
PASSPERSIST_VALUE_OPERATORS(IpAddress, octets)
PASSPERSIST_VALUE_OPERATORS(ObjectIdentifier, value)
PASSPERSIST_VALUE_OPERATORS(OctetString, bytes)
PASSPERSIST_VALUE_OPERATORS(Opaque, bytes)
#undef PASSPERSIST_VALUE_OPERATORS

// Codecs use std::visit, so a new alternative doesn't compile until every codec
// handles it.
using Value = std::variant<Integer32, Counter32, Counter64, Gauge32, TimeTicks,
                           IpAddress, ObjectIdentifier, OctetString, Opaque>;

// Returns the name of the type, such as "Counter32".
absl::string_view TypeName(const Value& value);

// Returns a text for people: "Counter32 42", "OctetString \"eth0\"". Escapes
// bytes that don't print.
std::string ToString(const Value& value);

}  // namespace passpersist

#endif  // PASSPERSIST_VALUE_H_
