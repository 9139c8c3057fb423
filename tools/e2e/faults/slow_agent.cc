// SPDX-License-Identifier: Apache-2.0
//
// Serves three subtrees:
//
//   slow_agent LIMIT FILE
//
// 1 is ready at once, 2 when FILE exists, 3 at once, but each further update of
// 3 takes forever. The first answer waits for the updates no longer than LIMIT.

#include <unistd.h>

#include <cstdlib>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

absl::Status UpdateAtOnce(Contents& contents) {
  contents.Put({0}, Integer32{1});
  return absl::OkStatus();
}

absl::Status UpdateOnce(Contents& contents) {
  static bool is_first = true;
  if (!std::exchange(is_first, false)) absl::SleepFor(absl::InfiniteDuration());
  return UpdateAtOnce(contents);
}

}  // namespace

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  absl::Duration limit;
  if (!absl::ParseDuration(argv[1], &limit)) return EXIT_FAILURE;
  const std::string file = argv[2];
  builder.SetFirstUpdateTimeout(limit)
      .AddSubtree(Playpen({1}), absl::Hours(1), UpdateAtOnce)
      .AddSubtree(Playpen({2}), absl::Hours(1),
                  [file](Contents& contents) {
                    while (access(file.c_str(), F_OK) != 0) {
                      absl::SleepFor(absl::Milliseconds(1));
                    }
                    return UpdateAtOnce(contents);
                  })
      .AddSubtree(Playpen({3}), absl::Milliseconds(1), UpdateOnce);
  AgentMain(builder.Build());
}
