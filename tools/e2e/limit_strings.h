// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_LIMIT_STRINGS_H_
#define TOOLS_E2E_LIMIT_STRINGS_H_

#include <string>
#include <vector>

namespace passpersist_testing {

// A string that is at a limit of pass_persist, or that once broke an agent.
struct LimitString {
  const char* description;
  std::string bytes;
  bool can_be_sent = true;
};

// The last one can be sent.
std::vector<LimitString> LimitStrings();

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_LIMIT_STRINGS_H_
