// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_NEAREST_WORD_H_
#define TOOLS_PASSPERSIST_COMMAND_NEAREST_WORD_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace passpersist {

// Which of `words` a person may have meant by `typed`: the one that takes the
// fewest letters to be typed, left out, replaced or swapped. Empty if that is
// more than half of them.
absl::string_view NearestWord(absl::string_view typed,
                              const std::vector<absl::string_view>& words);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_COMMAND_NEAREST_WORD_H_
