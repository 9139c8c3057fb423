// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_VALUE_TEXT_H_
#define TOOLS_PASSPERSIST_TEXT_VALUE_TEXT_H_

#include <string>

#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "transport/debug/debug.pb.h"

namespace passpersist::tool {

// The text of a value as Net-SNMP's tools print it (net-snmp 5.9.3
// snmplib/mib.c, sprint_realloc_by_type()), in two parts:
//
//   INTEGER: 5               Timeticks: (3214) 0:00:32.14
//   STRING: "eth0"           Hex-STRING: 01 0A FF
//   OID: .1.3.6              No Such Instance currently exists at this OID
//
// It differs from Net-SNMP's text in three points. Text in UTF-8 beyond ASCII
// is a STRING here, lines are never broken, and floating-point numbers have as
// many digits as are needed to read the same number back. All text is
// printable (printable.h).
//
// A value type.
struct ValueText {
  std::string type;  // "Counter64"; empty for exceptions
  std::string text;

  std::string ToString() const;
};

ValueText TextOf(const ValueOrException& value);

// For a value that was left out of a recording, and for a value of a type that
// this program doesn't know, the text is a remark in parentheses.
ValueText TextOf(const debug::VarBind& binding);

// ".1.3.6.1.2.1.1.3.0 = Timeticks: (3214) 0:00:32.14".
std::string BindingText(const debug::VarBind& binding);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_TEXT_VALUE_TEXT_H_
