// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_PERSIST_REPLY_H_
#define TRANSPORT_PASS_PERSIST_PASS_PERSIST_REPLY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

// What snmpd makes of the lines that a program of a `pass_persist` line answers
// with. It is a lenient reader: most mistakes are no errors to it, but other
// values. Sources are of net-snmp 5.9.3, agent/mibgroup; 5.9.5.2 and master
// read the same.

namespace passpersist {

// The lines of an answer to get or getnext as they came, without the newlines.
// A value type.
struct PassPersistReply {
  std::string name;
  std::string type;   // empty if absent
  std::string value;  // empty if absent

  // "NONE", whatever follows it: then there is only the first line.
  bool absent() const;
};

// Decimal arcs up to the first character that is neither digit nor dot, with or
// without a leading dot, each modulo 2^32 (util_funcs.c, parse_miboid()). Empty
// for what doesn't begin so, even by a blank.
Oid ReadPassPersistName(absl::string_view line);

// The value that snmpd sends on (ucd-snmp/pass_common.c,
// netsnmp_internal_pass_parse()). Types are known by how they begin, in any
// case: "Integer32" is "integer". Numbers end at the first character that is no
// digit, and wrap; no digit at all is 0.
//
// NoSuchInstance for a type that snmpd doesn't know. InvalidArgument, naming
// the text, for what snmpd drops, and OutOfRange for what it can't encode or
// what overruns its buffers.
absl::StatusOr<Value> ReadPassPersistValue(absl::string_view type,
                                           absl::string_view text);

// All lines together. Requires that the reply is not absent. InvalidArgument or
// OutOfRange also for the name: without arcs, whereupon snmpd kills the
// program, or with so many that they overrun its array.
absl::StatusOr<VarBind> ReadPassPersistReply(const PassPersistReply& reply);

// How snmpd reads the answer to a set (ucd-snmp/pass_common.c,
// netsnmp_internal_pass_str_to_errno()): by its beginning, in any case. All
// that is no word of an error is a success, "notWritable" and the empty line
// too.
ErrorStatus ReadPassPersistSetReply(absl::string_view line);

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_REPLY_H_
