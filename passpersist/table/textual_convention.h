// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_TEXTUAL_CONVENTION_H_
#define PASSPERSIST_TABLE_TEXTUAL_CONVENTION_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/converted.h"
#include "passpersist/pdu.h"
#include "passpersist/table/bit_strings.h"
#include "passpersist/table/snmp_type.h"
#include "passpersist/value.h"

namespace passpersist {

// The column types that are textual conventions, or that choose one of several
// encodings of a C++ type.

// A number with N digits after its decimal point, as in DISPLAY-HINT "d-2",
// rounded to the nearest.
template <size_t N>
struct ScaledInteger {};

// The wrappers of Net-SNMP; see Opaque.
struct OpaqueFloat {};
struct OpaqueDouble {};

// A TimeInterval (RFC 2579): whole hundredths of a second, 0..2^31-1.
struct TimeInterval {};

// A TimeStamp (RFC 2579): the value of sysUpTime at a time. A time before
// sysUpTime was 0 becomes 0.
struct TimeStamp {};

// A DateAndTime (RFC 2579) in UTC, truncated to tenths of a second. The years 0
// to 65535 have a value. Decode() takes times of any zone.
struct DateAndTime {};

// A DisplayString (RFC 2579): at most 255 octets of ASCII.
struct DisplayString {};

// An SnmpAdminString (RFC 3411): at most 255 octets of UTF-8.
struct SnmpAdminString {};

// See MakeBits() and MakePortList(). The C++ value is a range; Decode() needs a
// container with insert(iterator, value).
struct Bits {};
struct PortList {};

namespace textual_convention_internal {

absl::StatusOr<Integer32> EncodeTimeInterval(absl::Duration duration);
absl::StatusOr<OctetString> EncodeDateAndTime(absl::Time time);
ErrorStatus DecodeDateAndTime(absl::string_view octets, absl::Time* time);

// Return the string if it is one, or the reason why it is not.
absl::StatusOr<absl::string_view> EncodeDisplayString(absl::string_view text);
absl::StatusOr<absl::string_view> EncodeSnmpAdminString(absl::string_view text);
ErrorStatus DecodeDisplayString(const OctetString& wire, std::string* text);
ErrorStatus DecodeSnmpAdminString(const OctetString& wire, std::string* text);

template <typename T>
ErrorStatus DecodeOptional(const std::optional<T>& number, T* out) {
  if (!number.has_value()) return ErrorStatus::kWrongValue;
  *out = *number;
  return ErrorStatus::kNoError;
}

// Fills a container with the numbers of the bits that are set, the first one
// being `first`.
template <typename Container>
ErrorStatus DecodeBits(absl::string_view octets, size_t first, Container* out) {
  out->clear();
  for (size_t bit = 0; bit < 8 * octets.size(); ++bit) {
    if ((octets[bit / 8] & 0x80 >> bit % 8) == 0) continue;
    out->insert(out->end(),
                static_cast<typename Container::value_type>(bit + first));
  }
  return ErrorStatus::kNoError;
}

}  // namespace textual_convention_internal

template <>
struct SnmpType<OpaqueFloat> {
  using Wire = Opaque;
  static Opaque Encode(float number) { return Opaque::FromFloat(number); }
  static ErrorStatus Decode(const Opaque& wire, float* number) {
    return textual_convention_internal::DecodeOptional(wire.AsFloat(), number);
  }
};

template <>
struct SnmpType<OpaqueDouble> {
  using Wire = Opaque;
  static Opaque Encode(double number) { return Opaque::FromDouble(number); }
  static ErrorStatus Decode(const Opaque& wire, double* number) {
    return textual_convention_internal::DecodeOptional(wire.AsDouble(), number);
  }
};

template <size_t N>
struct SnmpType<ScaledInteger<N>> {
  using Wire = Integer32;

  template <typename T, value_internal::IfNumber<T> = true>
  static Converted<Integer32> Encode(T number) {
    return Integer32::FromNumber(static_cast<double>(number) * Factor());
  }
  template <typename T, value_internal::IfNumber<T> = true>
  static ErrorStatus Decode(Integer32 wire, T* number) {
    *number = static_cast<T>(wire.value / Factor());
    return ErrorStatus::kNoError;
  }

 private:
  static constexpr double Factor() {
    static_assert(N >= 1 && N <= 9, "ScaledInteger<N> has 1 to 9 digits");
    double factor = 1;  // exact for all N
    for (size_t i = 0; i < N; ++i) factor *= 10;
    return factor;
  }
};

template <>
struct SnmpType<TimeInterval> {
  using Wire = Integer32;
  static absl::StatusOr<Integer32> Encode(absl::Duration duration) {
    return textual_convention_internal::EncodeTimeInterval(duration);
  }
  static ErrorStatus Decode(Integer32 wire, absl::Duration* duration) {
    *duration = absl::Milliseconds(10) * wire.value;
    return wire.value < 0 ? ErrorStatus::kWrongValue : ErrorStatus::kNoError;
  }
};

template <>
struct SnmpType<DateAndTime> {
  using Wire = OctetString;
  static absl::StatusOr<OctetString> Encode(absl::Time time) {
    return textual_convention_internal::EncodeDateAndTime(time);
  }
  static ErrorStatus Decode(const OctetString& wire, absl::Time* time) {
    return textual_convention_internal::DecodeDateAndTime(wire.bytes, time);
  }
};

template <>
struct SnmpType<TimeStamp> {
  using Wire = TimeTicks;
  static TimeTicks Encode(absl::Time time, const EncodeContext& context) {
    return TimeTicks::FromDuration(time - context.sys_up_time_zero);
  }
};

template <>
struct SnmpType<DisplayString> {
  using Wire = OctetString;
  static absl::StatusOr<absl::string_view> Encode(absl::string_view text) {
    return textual_convention_internal::EncodeDisplayString(text);
  }
  static ErrorStatus Decode(const OctetString& wire, std::string* text) {
    return textual_convention_internal::DecodeDisplayString(wire, text);
  }
};

template <>
struct SnmpType<SnmpAdminString> {
  using Wire = OctetString;
  static absl::StatusOr<absl::string_view> Encode(absl::string_view text) {
    return textual_convention_internal::EncodeSnmpAdminString(text);
  }
  static ErrorStatus Decode(const OctetString& wire, std::string* text) {
    return textual_convention_internal::DecodeSnmpAdminString(wire, text);
  }
};

template <>
struct SnmpType<Bits> {
  using Wire = OctetString;
  template <typename Range>
  static absl::StatusOr<OctetString> Encode(const Range& bits) {
    return MakeBits(bits);
  }
  template <typename Container>
  static ErrorStatus Decode(const OctetString& wire, Container* bits) {
    return textual_convention_internal::DecodeBits(wire.bytes, 0, bits);
  }
};

template <>
struct SnmpType<PortList> {
  using Wire = OctetString;
  template <typename Range>
  static absl::StatusOr<OctetString> Encode(const Range& ports,
                                            const EncodeContext& context) {
    return MakePortList(ports, context.octets);
  }
  template <typename Container>
  static ErrorStatus Decode(const OctetString& wire, Container* ports) {
    return textual_convention_internal::DecodeBits(wire.bytes, 1, ports);
  }
};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_TEXTUAL_CONVENTION_H_
