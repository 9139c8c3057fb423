// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_VALUE_H_
#define PASSPERSIST_VALUE_H_

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"

namespace passpersist {

namespace value_internal {

// False for infinities and NaN.
template <typename T>
bool IsFinite(T number) {
  static_assert(std::is_arithmetic_v<T>, "a number is expected");
  if constexpr (std::is_floating_point_v<T>) return std::isfinite(number);
  return true;
}

// Returns the error for a number that is not finite: "inf is not an integer".
absl::Status NotFinite(double number);

// Converts any C++ number to an integer type that can hold every integer of at
// most 64 bits. Truncates floating-point numbers towards zero; NaN becomes 0,
// and numbers beyond +-2^100 become +-2^100.
template <typename T>
absl::int128 Widen(T number) {
  static_assert(std::is_arithmetic_v<T>, "a number is expected");
  if constexpr (std::is_floating_point_v<T>) {
    constexpr T kBound = static_cast<T>(0x1p100L);
    if (std::isnan(number)) return 0;
    if (number >= kBound) return absl::int128(1) << 100;
    if (number <= -kBound) return -(absl::int128(1) << 100);
  }
  return static_cast<absl::int128>(number);
}

// Clamps Widen(number) to the range of uint32_t.
template <typename T>
uint32_t ClampToUint32(T number) {
  const absl::int128 wide = Widen(number);
  if (wide < 0) return 0;
  if (wide > std::numeric_limits<uint32_t>::max()) {
    return std::numeric_limits<uint32_t>::max();
  }
  return static_cast<uint32_t>(wide);
}

absl::StatusOr<int32_t> CheckInt32(absl::int128 number);

}  // namespace value_internal

// The types of RFC 2578 section 7.1. Each is a distinct C++ type, so a counter
// can't be mistaken for a gauge. All are value types.
//
// FromNumber() accepts any C++ number. The comment of each type says what it
// does with a number that doesn't fit. All truncate floating-point numbers
// towards zero first. Infinity has no remainder, so types that wrap convert it
// to 0. All types except Integer32 convert NaN to 0.

// INTEGER and Integer32: -2^31..2^31-1.
struct Integer32 {
  int32_t value = 0;

  // Returns OutOfRange, naming the number, if it doesn't fit, and
  // InvalidArgument if it is infinite or NaN.
  template <typename T>
  static absl::StatusOr<Integer32> FromNumber(T number) {
    if (!value_internal::IsFinite(number)) {
      return value_internal::NotFinite(number);
    }
    const absl::StatusOr<int32_t> value =
        value_internal::CheckInt32(value_internal::Widen(number));
    if (!value.ok()) return value.status();
    return Integer32{*value};
  }
};

// Wraps modulo 2^32 (RFC 2578 section 7.1.6): -1 becomes 4294967295.
struct Counter32 {
  uint32_t value = 0;

  template <typename T>
  static Counter32 FromNumber(T number) {
    return {static_cast<uint32_t>(value_internal::Widen(number))};
  }
};

// Wraps modulo 2^64 (RFC 2578 section 7.1.10).
struct Counter64 {
  uint64_t value = 0;

  template <typename T>
  static Counter64 FromNumber(T number) {
    return {static_cast<uint64_t>(value_internal::Widen(number))};
  }
};

// Latches at 0 and 2^32-1 (RFC 2578 section 7.1.7). Unsigned32 is the same type
// on the wire.
struct Gauge32 {
  uint32_t value = 0;

  template <typename T>
  static Gauge32 FromNumber(T number) {
    return {value_internal::ClampToUint32(number)};
  }
};
using Unsigned32 = Gauge32;

// Hundredths of a second, modulo 2^32 (RFC 2578 section 7.1.8).
struct TimeTicks {
  uint32_t value = 0;

  template <typename T>
  static TimeTicks FromNumber(T hundredths) {
    return {static_cast<uint32_t>(value_internal::Widen(hundredths))};
  }

  // Truncates to whole hundredths. A negative duration becomes 0, an infinite
  // duration becomes 2^32-1.
  static TimeTicks FromDuration(absl::Duration duration);
  absl::Duration ToDuration() const { return absl::Milliseconds(10) * value; }
};

// Four octets, most significant first. IpAddress has no IPv6 form (RFC 2578
// section 7.1.5): IPv6 addresses are OctetStrings.
struct IpAddress {
  std::array<uint8_t, 4> octets = {0, 0, 0, 0};

  // Parses four decimal numbers of 0..255, such as "10.1.2.3". Returns
  // InvalidArgument for any other text.
  static absl::StatusOr<IpAddress> Parse(absl::string_view text);

  // Takes four bytes, as in struct in_addr. Returns InvalidArgument for another
  // number of bytes.
  static absl::StatusOr<IpAddress> FromBytes(absl::string_view bytes);
};

struct ObjectIdentifier {
  Oid value;
};

// Arbitrary bytes: text, addresses, BITS.
struct OctetString {
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

#define PASSPERSIST_EQUALITY(Type, field)                \
  inline bool operator==(const Type& a, const Type& b) { \
    return a.field == b.field;                           \
  }                                                      \
  inline bool operator!=(const Type& a, const Type& b) { return !(a == b); }
PASSPERSIST_EQUALITY(Integer32, value)
PASSPERSIST_EQUALITY(Counter32, value)
PASSPERSIST_EQUALITY(Counter64, value)
PASSPERSIST_EQUALITY(Gauge32, value)
PASSPERSIST_EQUALITY(TimeTicks, value)
PASSPERSIST_EQUALITY(IpAddress, octets)
PASSPERSIST_EQUALITY(ObjectIdentifier, value)
PASSPERSIST_EQUALITY(OctetString, bytes)
PASSPERSIST_EQUALITY(Opaque, bytes)
#undef PASSPERSIST_EQUALITY

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
