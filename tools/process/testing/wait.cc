// SPDX-License-Identifier: Apache-2.0

#include "tools/process/testing/wait.h"

#include "absl/time/clock.h"

namespace passpersist_testing {

bool Eventually(absl::FunctionRef<bool()> condition, absl::Duration limit) {
  const absl::Time deadline = absl::Now() + limit;
  while (!condition()) {
    if (absl::Now() >= deadline) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

}  // namespace passpersist_testing
