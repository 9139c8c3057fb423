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

// Convert values and errors to and from the text of pass_persist. snmpd's side
// is net-snmp 5.9.3 agent/mibgroup/ucd-snmp/pass_common.c; 5.9.5.2 and master
// do the same.

namespace passpersist {

// snmpd reads lines by fgets() into 4096 bytes, including the newline and a
// NUL. It cuts a longer line and reads the remainder as the next answer.
inline constexpr size_t kMaxPassPersistLine = 4094;

// Each octet is written as "xx ".
inline constexpr size_t kMaxPassPersistHexBytes = kMaxPassPersistLine / 3 + 1;

// Returns OK if snmpd can read and encode `oid`: 2..128 arcs, the first two of
// which BER can join (ITU-T X.690 section 8.19.4). For any other OID, snmpd
// makes the whole PDU a genErr or overruns an array (util_funcs.c,
// parse_miboid()).
absl::Status CheckPassPersistOid(const Oid& oid);

// Returns OK if a reply can carry `value`; otherwise an error with the reason.
absl::Status CheckPassPersistValue(const Value& value);

// The type of an absent instance that can be set. snmpd knows no such type: it
// lets the instance be created, and reports it as absent otherwise.
inline constexpr absl::string_view kPassPersistUnknownType = "null";

// The type line and the value line of a reply: "INTEGER" and "123". The type
// words are those that the Python library snmp_passpersist prints.
absl::string_view PassPersistType(const Value& value);
void AppendPassPersistText(const Value& value, std::string* out);

// Writes a newline and both lines, "\nINTEGER\n123\n", to `to`, where
// kMaxPassPersistNumber bytes are free, and returns the end of the written
// bytes. Writes nothing and returns null for a value whose text has no such
// bound: an OBJECT IDENTIFIER, OCTET STRING or Opaque.
inline constexpr size_t kMaxPassPersistNumber = 48;
char* WritePassPersistNumber(const Value& value, char* to);

// Reads the third line of a set request, "integer 5" or "string \"text\"". An
// error is the status to reply with:
// - wrong-type for an unknown type word: snmpd has no word for Counter64,
//   Opaque and others, for which it sends the contents of its buffer;
// - wrong-length for a missing closing quote, because snmpd cuts long values,
//   and for a string that is too long for a reply;
// - wrong-value for any other text that cannot be read.
//
// Unsigned types accept signed text (snmpd prints them by "%d"). `string` and
// `octet` are one type, because snmpd chooses between them by the bytes. Only
// one quote is removed at each end: snmpd escapes nothing.
ErrorStatus ParsePassPersistSet(absl::string_view line, Value* value);

// Returns the reply to a set request: "DONE", "not-writable".
absl::string_view PassPersistSetReply(ErrorStatus error);

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_VALUE_H_
