// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/textual_convention.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace passpersist::textual_convention_internal {
namespace {

constexpr size_t kMaxOctets = 255;

absl::Status NotAText(absl::string_view type, absl::string_view text,
                      absl::string_view expected) {
  return absl::OutOfRangeError(
      absl::StrCat("\"", absl::CHexEscape(text.substr(0, 64)), "\" is not ",
                   type, ": ", expected));
}

bool IsAscii(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x80;
  });
}

// Returns the size of the UTF-8 character at the beginning of `text`, or 0 if
// there is none (RFC 3629 section 4).
size_t Utf8CharacterSize(absl::string_view text) {
  const auto byte = [text](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  // The range of the second byte excludes overlong forms, surrogates and what
  // is above U+10FFFF.
  unsigned least = 0x80;
  unsigned greatest = 0xbf;
  size_t size = 0;
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) size = 2;
  if (first >= 0xe0 && first <= 0xef) size = 3;
  if (first >= 0xf0 && first <= 0xf4) size = 4;
  if (first == 0xe0) least = 0xa0;
  if (first == 0xed) greatest = 0x9f;
  if (first == 0xf0) least = 0x90;
  if (first == 0xf4) greatest = 0x8f;
  if (size == 0 || byte(1) < least || byte(1) > greatest) return 0;
  for (size_t i = 2; i < size; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  }
  return size;
}

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const size_t size = Utf8CharacterSize(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

template <typename IsText>
ErrorStatus DecodeText(const OctetString& wire, IsText is_text,
                       std::string* text) {
  if (wire.bytes.size() > kMaxOctets) return ErrorStatus::kWrongLength;
  if (!is_text(wire.bytes)) return ErrorStatus::kWrongEncoding;
  *text = wire.bytes;
  return ErrorStatus::kNoError;
}

}  // namespace

absl::StatusOr<Integer32> EncodeTimeInterval(absl::Duration duration) {
  absl::Duration rest;
  const int64_t hundredths =
      absl::IDivDuration(duration, absl::Milliseconds(10), &rest);
  const Converted<Integer32> interval = Integer32::FromNumber(hundredths);
  if (duration >= absl::ZeroDuration() && interval) return *interval;
  return absl::OutOfRangeError(
      absl::StrCat(absl::FormatDuration(duration),
                   " is not a TimeInterval: 0..2147483647 hundredths"));
}

absl::StatusOr<OctetString> EncodeDateAndTime(absl::Time time) {
  const absl::TimeZone::CivilInfo utc = absl::UTCTimeZone().At(time);
  const int64_t year = utc.cs.year();
  // Infinite times have years beyond these, too.
  if (year < 0 || year > 65535) {
    return absl::OutOfRangeError(
        absl::StrCat(absl::FormatTime(time, absl::UTCTimeZone()),
                     " is not a DateAndTime: the years 0..65535"));
  }
  OctetString octets;
  for (const int64_t octet :
       {year >> 8, year & 0xff, int64_t{utc.cs.month()}, int64_t{utc.cs.day()},
        int64_t{utc.cs.hour()}, int64_t{utc.cs.minute()},
        int64_t{utc.cs.second()}, utc.subsecond / absl::Milliseconds(100),
        int64_t{'+'}, int64_t{0}, int64_t{0}}) {
    octets.bytes.push_back(static_cast<char>(octet));
  }
  return octets;
}

ErrorStatus DecodeDateAndTime(absl::string_view octets, absl::Time* time) {
  if (octets.size() != 8 && octets.size() != 11) {
    return ErrorStatus::kWrongLength;
  }
  const auto octet = [octets](size_t i) {
    return static_cast<unsigned char>(octets[i]);
  };
  const int year = octet(0) << 8 | octet(1);
  const int leap_second = octet(6) == 60 ? 1 : 0;
  const int second = octet(6) - leap_second;
  const absl::CivilSecond civil(year, octet(2), octet(3), octet(4), octet(5),
                                second);
  // A CivilSecond normalizes what is out of range, such as the 31st of April.
  if (civil.year() != year || civil.month() != octet(2) ||
      civil.day() != octet(3) || civil.hour() != octet(4) ||
      civil.minute() != octet(5) || civil.second() != second) {
    return ErrorStatus::kWrongValue;
  }
  if (octet(7) > 9) return ErrorStatus::kWrongValue;
  absl::Duration east_of_utc;
  if (octets.size() == 11) {
    const bool is_west = octets[8] == '-';
    if ((!is_west && octets[8] != '+') || octet(9) > 13 || octet(10) > 59) {
      return ErrorStatus::kWrongValue;
    }
    east_of_utc = absl::Hours(octet(9)) + absl::Minutes(octet(10));
    if (is_west) east_of_utc = -east_of_utc;
  }
  *time = absl::FromCivil(civil, absl::UTCTimeZone()) +
          absl::Seconds(leap_second) + absl::Milliseconds(100) * octet(7) -
          east_of_utc;
  return ErrorStatus::kNoError;
}

absl::StatusOr<absl::string_view> EncodeDisplayString(absl::string_view text) {
  if (text.size() <= kMaxOctets && IsAscii(text)) return text;
  return NotAText("a DisplayString", text, "at most 255 octets of ASCII");
}

absl::StatusOr<absl::string_view> EncodeSnmpAdminString(
    absl::string_view text) {
  if (text.size() <= kMaxOctets && IsUtf8(text)) return text;
  return NotAText("an SnmpAdminString", text, "at most 255 octets of UTF-8");
}

ErrorStatus DecodeDisplayString(const OctetString& wire, std::string* text) {
  return DecodeText(wire, IsAscii, text);
}

ErrorStatus DecodeSnmpAdminString(const OctetString& wire, std::string* text) {
  return DecodeText(wire, IsUtf8, text);
}

}  // namespace passpersist::textual_convention_internal
