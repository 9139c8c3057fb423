// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_PROTOCOLS_MANAGER_H_
#define TOOLS_E2E_PROTOCOLS_MANAGER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/value.h"

namespace passpersist_testing {

// Sends requests to an agent as a management station does, over one of three
// protocols:
//
//             +-- pass_persist, in memory -------------------------> agent
//   Manager --+-- transport/debug/debug.proto, in memory ----------> agent
//             +-- SNMP --> Debian's snmpd --> pass_persist, pipes --> agent
//
// Names are those of SnmpClient: "1.0" is below the playpen, and "" is the
// playpen. Values have the text that Net-SNMP's tools print. Where the
// protocols have different texts for the same answer, a Manager returns one
// text: see CanonicalBinding() and CanonicalError().
//
// Used by one thread at a time.
class Manager {
 public:
  virtual ~Manager() = default;

  // "1.0 = INTEGER: 5", "1.7 is absent".
  virtual std::string Get(const std::string& name) = 0;

  // Returns the instance after `name`; "the end" after the agent's last
  // instance.
  virtual std::string GetNext(const std::string& name) = 0;

  // Returns all instances below `name`.
  virtual std::vector<std::string> Walk(const std::string& name) = 0;

  // Returns "noError" or an error such as "wrongType". Requires a type for
  // which snmpset has a letter and snmpd a text.
  virtual std::string Set(const std::string& name,
                          const passpersist::Value& value) = 0;
};

// Convert a binding ("1.0 = …") and the name of an error, as a protocol or tool
// returns them, to the text of a Manager. manager.cc describes each difference
// between the protocols and tools, and its reason.
std::string CanonicalBinding(absl::string_view binding);
std::string CanonicalError(absl::string_view error);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_PROTOCOLS_MANAGER_H_
