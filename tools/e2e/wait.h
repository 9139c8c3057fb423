// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_WAIT_H_
#define TOOLS_E2E_WAIT_H_

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"

namespace passpersist_testing {

// Longer than anything here takes on the busiest machine: whoever waits as long
// has found a bug.
inline constexpr absl::Duration kPatience = absl::Seconds(60);

// Asks again and again until `condition` is true; false if that takes longer
// than `limit`.
bool Eventually(absl::FunctionRef<bool()> condition,
                absl::Duration limit = kPatience);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_WAIT_H_
