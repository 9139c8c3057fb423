// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_READS_LIMIT_STRINGS_H_
#define TOOLS_E2E_READS_LIMIT_STRINGS_H_

#include <string>
#include <vector>

namespace passpersist_testing {

// A string at a limit of pass_persist, or one that broke an agent earlier.
struct LimitString {
  const char* description;
  std::string bytes;
  bool can_be_sent = true;
};

// The strings. The last one can be sent.
std::vector<LimitString> LimitStrings();

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_READS_LIMIT_STRINGS_H_
