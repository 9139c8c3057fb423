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

// False for the infinities and for what is not a number.
template <typename T>
bool IsFinite(T number) {
  static_assert(std::is_arithmetic_v<T>, "a number is expected");
  if constexpr (std::is_floating_point_v<T>) return std::isfinite(number);
  return true;
}

// "inf is no integer", for what IsFinite() is false of.
absl::Status NotFinite(double number);

// Any C++ number as an integer that no other can overflow: floating-point
// numbers are cut towards zero, what is not a number counts as 0.
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

// Widen() forced between the least and the greatest uint32_t.
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

// The types of RFC 2578 section 7.1, each a type of its own so that a counter
// can't be taken for a gauge. All are value types.
//
// The FromNumber() functions take any C++ number and say what happens to one
// that doesn't fit; floating-point numbers are cut towards zero first. Of the
// infinite, which has no remainder, types that wrap make 0; what is not a
// number counts as 0 wherever nothing is refused.

// INTEGER and Integer32: -2^31..2^31-1.
struct Integer32 {
  int32_t value = 0;

  // OutOfRange, naming the number, if it doesn't fit; InvalidArgument if it is
  // infinite or not a number.
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

// Wraps modulo 2^32, as RFC 2578 section 7.1.6 has it: -1 is 4294967295.
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

// Latches at 0 and 2^32-1 (RFC 2578 section 7.1.7). Unsigned32 is the same
// type on the wire.
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

  // Cut to whole hundredths. A negative duration counts as 0, an infinite one
  // as 2^32-1.
  static TimeTicks FromDuration(absl::Duration duration);
  absl::Duration ToDuration() const { return absl::Milliseconds(10) * value; }
};

// Four octets, most significant first. There is no IPv6 form (RFC 2578 section
// 7.1.5): such addresses are OctetStrings.
struct IpAddress {
  std::array<uint8_t, 4> octets = {0, 0, 0, 0};

  // "10.1.2.3": four decimal numbers of 0..255. InvalidArgument otherwise.
  static absl::StatusOr<IpAddress> Parse(absl::string_view text);

  // Four bytes, as in struct in_addr. InvalidArgument for another count.
  static absl::StatusOr<IpAddress> FromBytes(absl::string_view bytes);
};

struct ObjectIdentifier {
  Oid value;
};

// Any bytes: text, addresses, BITS.
struct OctetString {
  std::string bytes;

  // Pairs of hex digits, which may be separated by one blank, ':' or '-':
  // "01 00 1f 0b 00 0b", "01:00:1f", "01001f". InvalidArgument, naming the
  // text, for anything else.
  static absl::StatusOr<OctetString> FromHex(absl::string_view text);

  // A BITS value (RFC 2578 section 7.1.4): bit 0 is the most significant bit
  // of the first octet. As many octets as the highest bit needs.
  static OctetString FromBits(std::initializer_list<size_t> bits);
};

// Opaque holds BER. Net-SNMP and its clients agree on four wrappers
// (net-snmp snmplib/asn1.c, ASN_OPAQUE_FLOAT and its neighbours: the tag 0x9f,
// then 0x78 float, 0x79 double, 0x7a Integer64, 0x7b Unsigned64); they are how
// SNMP carries floating-point and signed 64-bit numbers.
struct Opaque {
  std::string bytes;

  static Opaque FromFloat(float number);
  static Opaque FromDouble(double number);
  static Opaque FromInteger64(int64_t number);
  static Opaque FromUnsigned64(uint64_t number);

  // The number, if the bytes are exactly one of that kind.
  std::optional<float> AsFloat() const;
  std::optional<double> AsDouble() const;
  std::optional<int64_t> AsInteger64() const;
  std::optional<uint64_t> AsUnsigned64() const;
};

// The exceptions of RFC 3416 section 3. They are data in an answer; a store
// never holds one.
struct NoSuchObject {};
struct NoSuchInstance {};
struct EndOfMibView {};

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

inline bool operator==(NoSuchObject, NoSuchObject) { return true; }
inline bool operator!=(NoSuchObject, NoSuchObject) { return false; }
inline bool operator==(NoSuchInstance, NoSuchInstance) { return true; }
inline bool operator!=(NoSuchInstance, NoSuchInstance) { return false; }
inline bool operator==(EndOfMibView, EndOfMibView) { return true; }
inline bool operator!=(EndOfMibView, EndOfMibView) { return false; }

// Codecs visit it, so that a new alternative doesn't compile before every
// codec handles it.
using Value = std::variant<Integer32, Counter32, Counter64, Gauge32, TimeTicks,
                           IpAddress, ObjectIdentifier, OctetString, Opaque,
                           NoSuchObject, NoSuchInstance, EndOfMibView>;

// True for NoSuchObject, NoSuchInstance and EndOfMibView.
bool IsException(const Value& value);

// "Counter32", "OctetString", "endOfMibView".
absl::string_view TypeName(const Value& value);

// For people: "Counter32 42", "OctetString \"eth0\"", "endOfMibView". Bytes
// that don't print are escaped.
std::string ToString(const Value& value);

}  // namespace passpersist

#endif  // PASSPERSIST_VALUE_H_
