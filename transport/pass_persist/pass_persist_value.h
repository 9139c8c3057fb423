// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_PERSIST_VALUE_H_
#define TRANSPORT_PASS_PERSIST_PASS_PERSIST_VALUE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

// The texts of pass_persist for values and errors, in both directions.
// What snmpd makes of them is in net-snmp 5.9.3
// agent/mibgroup/ucd-snmp/pass_common.c; 5.9.5.2 and master do the same.

namespace passpersist {

// snmpd reads lines by fgets() into 4096 bytes, the newline and a NUL included:
// what is longer is cut, and the rest taken for the next answer.
inline constexpr size_t kMaxPassPersistLine = 4094;

// Octets are written as "xx ".
inline constexpr size_t kMaxPassPersistHexBytes = kMaxPassPersistLine / 3 + 1;

// OK if snmpd can read `oid` and encode it: 2..128 arcs, the first two of
// which BER can join (ITU-T X.690 section 8.19.4). For another, snmpd makes the
// whole PDU a genErr or overruns an array (util_funcs.c, parse_miboid()).
absl::Status CheckPassPersistOid(const Oid& oid);

// OK if a reply can carry `value`; else why not.
absl::Status CheckPassPersistValue(const Value& value);

// How a reply gives a value: "INTEGER" and "123". The words are those that the
// Python library snmp_passpersist prints.
absl::string_view PassPersistType(const Value& value);
void AppendPassPersistText(const Value& value, std::string* out);

// Reads the third line of a set request, "integer 5" or "string \"text\"". An
// error is the reply to give:
// - wrong-type for a type that is no such word: snmpd has none for Counter64,
//   Opaque and others, for which it sends what its buffer holds;
// - wrong-length for a missing closing quote, because snmpd cuts long values,
//   and for a string that is too long for a reply;
// - wrong-value for anything else that can't be read.
//
// Signed text is accepted for unsigned types (snmpd prints them by "%d"), and
// `string` and `octet` are one type, since snmpd chooses between them by the
// bytes. Only one quote is taken away at each end: snmpd escapes nothing.
ErrorStatus ParsePassPersistSet(absl::string_view line, Value* value);

// The reply to a set request: "DONE", "not-writable".
absl::string_view PassPersistSetReply(ErrorStatus error);

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_VALUE_H_
