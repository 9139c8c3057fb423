// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_PERSIST_SET_H_
#define TRANSPORT_PASS_PERSIST_PASS_PERSIST_SET_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/value.h"

// Writes set requests as snmpd does.

namespace passpersist {

// The end of the last line of a set, which depends on the release of Net-SNMP
// (ucd-snmp/pass_persist.c, setPassPersist(), and ucd-snmp/pass_common.c,
// netsnmp_internal_pass_set_format()):
//
//   set
//   .1.3.6.1.3.53.8.0.4
//   integer 987
//
// Releases up to 5.7.3 cut the whole request at 1,023 bytes and make the last
// of these a newline. Later releases cut the last line at 4,095 bytes,
// including its newline.
enum class SetEnding {
  kNewlineUpTo57,     // 5.4 to 5.7.3
  kTwoNewlines593,    // 5.8 to 5.9.3: a blank line follows
  kNewlineUnlessCut,  // 5.9.4 to 5.9.5.2: a cut line has no newline
  kNone510,           // 5.10.pre1 on, master: never a newline
};

// "5.8 to 5.9.3"
absl::string_view ReleasesWith(SetEnding ending);

// Returns the last line in full: "integer 987", "string \"text\"",
// "octet \"01 ff\"". Unsigned numbers above 2^31-1 become negative. A string
// with a byte that is not printable becomes "octet"; a string of more than
// 4,095 printable bytes also has the type word "octet". (More than 4,096 bytes
// crash snmpd 5.9.3.)
//
// Returns InvalidArgument, naming the type, if snmpd has no text for it: snmpd
// then sends the contents of its buffer, the last set's text or any bytes.
absl::StatusOr<std::string> PassPersistSetText(const Value& value);

// Returns the request, which snmpd writes at once. `text` is as returned by
// PassPersistSetText().
std::string PassPersistSetMessage(absl::string_view name,
                                  absl::string_view text, SetEnding ending);

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_SET_H_
