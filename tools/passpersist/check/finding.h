// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_FINDING_H_
#define TOOLS_PASSPERSIST_CHECK_FINDING_H_

#include <string>

namespace passpersist {

// What the checker has to say about a program. A value type.
struct Finding {
  enum class Severity {
    kWarning,  // works as long as nothing else goes wrong
    kError,    // breaks in production
  };

  Severity severity = Severity::kError;
  std::string id;           // "order": the same fault has the same
  std::string what;         // with the offending text
  std::string evidence;     // the end of the conversation: "> PING\n< PONG\n"
  std::string consequence;  // what snmpd does, with its source
};

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CHECK_FINDING_H_
