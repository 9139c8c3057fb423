// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/examples/mib_objects.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/find_program.h"
#include "tools/process/subprocess.h"
#include "tools/process/testing/wait.h"
#include "tools/runfile.h"

namespace passpersist_testing {

using passpersist::tool::Subprocess;

// Each line of smidump begins with the module and ends with the OID.
std::map<std::string, std::string> AccessibleObjects(
    const std::string& module, const std::set<std::string>& indexes) {
  std::map<std::string, std::string> objects;
  const auto smidump = FindProgram("smidump", "smitools");
  if (!smidump.ok()) {
    ADD_FAILURE() << smidump.status();
    return objects;
  }
  const std::string mibs = Runfile("testdata/mibs");
  Subprocess::Options options;
  options.command = {*smidump, "-c/dev/null", "-fidentifiers",
                     absl::StrCat(mibs, "/", module, ".txt")};
  options.environment = {"LC_ALL=C",
                         absl::StrCat("SMIPATH=", mibs, ":", mibs, "/stand_ins",
                                      ":/usr/share/snmp/mibs")};
  const auto process = Subprocess::Start(options);
  if (!process.ok()) {
    ADD_FAILURE() << process.status();
    return objects;
  }
  EXPECT_EQ((*process)->Wait(kTimeout), 0) << (*process)->standard_error();
  const std::string output = (*process)->standard_output();
  for (const absl::string_view line : absl::StrSplit(output, '\n')) {
    const std::vector<std::string> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() == 4 && (words[2] == "column" || words[2] == "scalar") &&
        indexes.count(words[1]) == 0) {
      objects["." + words[3]] = words[1];
    }
  }
  return objects;
}

}  // namespace passpersist_testing
