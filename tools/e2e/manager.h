// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_MANAGER_H_
#define TOOLS_E2E_MANAGER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/value.h"

namespace passpersist_testing {

// Asks an agent as a management station does, whatever carries the requests:
//
//             +-- pass_persist, in memory -------------------------> agent
//   Manager --+-- transport/debug/debug.proto, in memory ---------------->
//   agent
//             +-- SNMP --> Debian's snmpd --> pass_persist, pipes --> agent
//
// Names are those of SnmpClient: "1.0" is below the playpen, which is "".
// Values are as Net-SNMP's tools print them. Where protocols say one thing in
// different ways there is one text for it: see below.
//
// Used by one thread at a time.
class Manager {
 public:
  virtual ~Manager() = default;

  // "1.0 = INTEGER: 5", "1.7 is absent".
  virtual std::string Get(const std::string& name) = 0;

  // What comes behind `name`; "the end" behind all that the agent has.
  virtual std::string GetNext(const std::string& name) = 0;

  // All that is below `name`.
  virtual std::vector<std::string> Walk(const std::string& name) = 0;

  // "noError", "wrongType". Requires a type that snmpset has a letter for, and
  // snmpd a text.
  virtual std::string Set(const std::string& name,
                          const passpersist::Value& value) = 0;
};

// What is different only because protocols and tools are: "1.0 = …" and the
// name of an error as they come, to what a Manager says. manager.cc tells each
// difference, and why there is one.
std::string CanonicalBinding(absl::string_view binding);
std::string CanonicalError(absl::string_view error);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_MANAGER_H_
