// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_VALUE_PARSER_H_
#define TOOLS_PASSPERSIST_TEXT_VALUE_PARSER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/value.h"

namespace passpersist::tool {

// Parses a value that a user types. `type` is a letter of snmpset(1) or a word:
//
//   i integer      -5            a ipaddress  10.1.2.3
//   u unsigned     5             o oid        .1.3.6.1
//   c counter      5             s string     any text
//   C counter64    5             x hex        01 0a FF
//   t timeticks    3214          d decimal    1 10 255
//   F float        1.5           b bits       0 3 12
//   D double       1.5           I int64      -5
//                                U uint64     5
//
// Returns InvalidArgument, naming the text and the expected form, if `text` is
// not a value of the type or the type is unknown.
absl::StatusOr<Value> ParseValue(absl::string_view type,
                                 absl::string_view text);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_TEXT_VALUE_PARSER_H_
