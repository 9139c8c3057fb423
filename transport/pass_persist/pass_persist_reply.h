// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_PERSIST_REPLY_H_
#define TRANSPORT_PASS_PERSIST_PASS_PERSIST_REPLY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

// Reads the answers of a pass_persist program as snmpd does. snmpd is a lenient
// reader: it turns most malformed text into a different value, not into an
// error. File names refer to net-snmp 5.9.3, agent/mibgroup; 5.9.5.2 and master
// read the same.

namespace passpersist {

// The lines of an answer to get or getnext, without their newlines.
//
// A value type.
struct PassPersistReply {
  std::string name;
  std::string type;   // empty if absent
  std::string value;  // empty if absent

  // True if the first line begins with "NONE": then there is only that line.
  bool absent() const;
};

// Reads decimal arcs up to the first character that is neither digit nor dot,
// with or without a leading dot, each modulo 2^32 (util_funcs.c,
// parse_miboid()). Returns an empty Oid for a line that does not begin with an
// arc; a leading blank suffices.
Oid ReadPassPersistName(absl::string_view line);

// Returns the value that snmpd forwards (ucd-snmp/pass_common.c,
// netsnmp_internal_pass_parse()). snmpd compares the beginning of the type, in
// any case: "Integer32" is "integer". A number ends at the first character that
// is not a digit, and wraps; a text without a digit is 0.
//
// Returns noSuchInstance for a type unknown to snmpd, InvalidArgument, naming
// the text, for a value that snmpd drops, and OutOfRange for a value that snmpd
// cannot encode or that overruns its buffers.
absl::StatusOr<ValueOrException> ReadPassPersistValue(absl::string_view type,
                                                      absl::string_view text);

// Reads all lines of a reply. Requires that the reply is not absent. Also
// returns InvalidArgument for a name without arcs, at which snmpd kills the
// program, and OutOfRange for a name whose arcs overrun snmpd's array.
absl::StatusOr<ResponseVarBind> ReadPassPersistReply(
    const PassPersistReply& reply);

// Reads the answer to a set as snmpd does (ucd-snmp/pass_common.c,
// netsnmp_internal_pass_str_to_errno()). snmpd compares the beginning of the
// line with the words of the errors, in any case. Every other line is a
// success, including "notWritable" and the empty line.
ErrorStatus ReadPassPersistSetReply(absl::string_view line);

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_REPLY_H_
