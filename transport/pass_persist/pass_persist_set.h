// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_PERSIST_SET_H_
#define TRANSPORT_PASS_PERSIST_PASS_PERSIST_SET_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/value.h"

// How snmpd writes a set request.

namespace passpersist {

// How the last line of a set ends, which depends on the release of Net-SNMP
// (ucd-snmp/pass_persist.c, setPassPersist(), and ucd-snmp/pass_common.c,
// netsnmp_internal_pass_set_format()):
//
//   set
//   .1.3.6.1.3.53.8.0.4
//   integer 987
//
// Up to 5.7.3 the whole request is cut at 1,023 bytes, the last of which is a
// newline then. Later ones cut the last line at 4,095 bytes, its own newline
// among them.
enum class SetEnding {
  kNewlineUpTo57,     // 5.4 to 5.7.3
  kTwoNewlines593,    // 5.8 to 5.9.3: a blank line follows
  kNewlineUnlessCut,  // 5.9.4 to 5.9.5.2: a line that is cut has none
  kNone510,           // 5.10.pre1 on, master: never a newline
};

// "5.8 to 5.9.3"
absl::string_view ReleasesWith(SetEnding ending);

// The last line in full: "integer 987", "string \"text\"", "octet \"01 ff\"".
// Unsigned numbers above 2^31-1 come out as negative ones, strings as octets if
// a byte isn't printable, and over 4,095 printable bytes are called octets all
// the same. (More than 4,096 crash snmpd 5.9.3.)
//
// InvalidArgument, naming the type, for what snmpd has no text for: instead it
// sends what its buffer holds, the last set's text or anything.
absl::StatusOr<std::string> PassPersistSetText(const Value& value);

// The request, which snmpd writes at once. `text` is as above.
std::string PassPersistSetMessage(absl::string_view name,
                                  absl::string_view text, SetEnding ending);

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_SET_H_
