// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_CONTENTS_LINES_H_
#define PASSPERSIST_TESTING_CONTENTS_LINES_H_

#include <string>
#include <vector>

#include "passpersist/contents.h"
#include "passpersist/stored_value.h"

namespace passpersist_testing {

// Returns "Integer32 5", or "computed Integer32 5" after a call of the function
// of a computed value.
std::string Text(const passpersist::StoredValue& stored);

// Returns a line for each entry, in OID order: ".1.0 = Integer32 5", followed
// by " # label" if there is a label. The test fails if the contents cannot be
// read.
std::vector<std::string> Lines(const passpersist::Contents& contents);

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_CONTENTS_LINES_H_
