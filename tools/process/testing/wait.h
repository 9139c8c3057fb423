// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PROCESS_TESTING_WAIT_H_
#define TOOLS_PROCESS_TESTING_WAIT_H_

#include "absl/functional/function_ref.h"
#include "absl/time/time.h"

namespace passpersist_testing {

// Longer than anything here takes on the busiest machine. A wait that reaches
// it is a failure.
inline constexpr absl::Duration kTimeout = absl::Seconds(60);

// Evaluates `condition` repeatedly until it is true. Returns false if it is not
// true within `limit`.
bool Eventually(absl::FunctionRef<bool()> condition,
                absl::Duration limit = kTimeout);

}  // namespace passpersist_testing

#endif  // TOOLS_PROCESS_TESTING_WAIT_H_
