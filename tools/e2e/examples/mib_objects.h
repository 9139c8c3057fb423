// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_EXAMPLES_MIB_OBJECTS_H_
#define TOOLS_E2E_EXAMPLES_MIB_OBJECTS_H_

#include <map>
#include <set>
#include <string>

namespace passpersist_testing {

// Returns the names of the scalars and columns of a module of testdata/mibs,
// such as "PASSPERSIST-HOST-MIB", by OID: without those of `indexes`, which are
// not accessible. Fails the test if smidump fails.
std::map<std::string, std::string> AccessibleObjects(
    const std::string& module, const std::set<std::string>& indexes);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_EXAMPLES_MIB_OBJECTS_H_
