// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_FINDING_H_
#define TOOLS_PASSPERSIST_CHECK_FINDING_H_

#include <string>

namespace passpersist::tool {

// A problem that the checker found in a program. A value type.
struct Finding {
  enum class Severity {
    kWarning,  // the program works as long as nothing else goes wrong
    kError,    // the program fails in production
  };

  Severity severity = Severity::kError;
  std::string id;           // "order": findings of the same kind share it
  std::string what;         // the problem, with the offending text
  std::string evidence;     // the end of the conversation: "> PING\n< PONG\n"
  std::string consequence;  // what snmpd does, with its source
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_FINDING_H_
