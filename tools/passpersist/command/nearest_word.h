// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_NEAREST_WORD_H_
#define TOOLS_PASSPERSIST_COMMAND_NEAREST_WORD_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace passpersist::tool {

// Returns the word of `words` that a user may have meant by `typed`: the one
// with the smallest number of letters inserted, deleted, replaced or swapped
// with the next. Empty if that number is more than half of the letters of
// `typed`, and more than one.
absl::string_view NearestWord(absl::string_view typed,
                              const std::vector<absl::string_view>& words);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_COMMAND_NEAREST_WORD_H_
