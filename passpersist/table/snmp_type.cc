// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/snmp_type.h"

#include "absl/strings/str_cat.h"

namespace passpersist::snmp_type_internal {

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

}  // namespace passpersist::snmp_type_internal
