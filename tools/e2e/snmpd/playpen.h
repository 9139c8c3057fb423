// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SNMPD_PLAYPEN_H_
#define TOOLS_E2E_SNMPD_PLAYPEN_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/e2e/snmpd/snmpd_fixture.h"

namespace passpersist_testing {

// netSnmpPlaypen, the part of the tree that Net-SNMP leaves to experiments. The
// agents of this project's tests are there.
inline constexpr char kPlaypen[] = ".1.3.6.1.4.1.8072.9999.9999";

// A test whose names are relative to the playpen: "1.0" is
// ".1.3.6.1.4.1.8072.9999.9999.1.0".
class PlaypenTest : public SnmpdTest {
 protected:
  PlaypenTest() { options().base = kPlaypen; }
};

// Returns the line of snmpd.conf for a program below tools/e2e.
inline std::string AgentLine(absl::string_view base, absl::string_view program,
                             const std::vector<std::string>& arguments = {}) {
  return PassPersistLine(base, absl::StrCat("tools/e2e/", program), arguments);
}

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_PLAYPEN_H_
