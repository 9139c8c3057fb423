// SPDX-License-Identifier: Apache-2.0
//
// Serves 40 subtrees with a limit of setrlimit(2):
//
//   limited_agent processes|memory LIMIT FILE
//
// 1 to 40 have a value each (0), and their updates take a moment, so that they
// run at the same time where the limit permits it. A limit of processes, which
// includes threads, does not bind root: the agent then becomes a user of its
// own. Writes a line to FILE for each error.

#include <grp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/contents.h"
#include "passpersist/value.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

constexpr uid_t kUnusedUid = 54321;

bool SetLimit(absl::string_view name, rlim_t number) {
  const rlimit limit = {number, number};
  if (name == "memory") return setrlimit(RLIMIT_AS, &limit) == 0;
  return setrlimit(RLIMIT_NPROC, &limit) == 0 && setgroups(0, nullptr) == 0 &&
         setgid(kUnusedUid) == 0 && setuid(kUnusedUid) == 0;
}

}  // namespace

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  rlim_t number;
  std::ofstream errors(argv[3]);
  if (!absl::SimpleAtoi(argv[2], &number) || !SetLimit(argv[1], number)) {
    return EXIT_FAILURE;
  }
  builder.OnError(
      [&errors](const absl::Status& error) { errors << error << std::endl; });
  for (uint32_t i = 1; i <= 40; ++i) {
    builder.AddSubtree(Playpen({i}), absl::Hours(1), [](Contents& contents) {
      absl::SleepFor(absl::Milliseconds(20));
      contents.Put({0}, Integer32{1});
      return absl::OkStatus();
    });
  }
  AgentMain(builder.Build());
}
