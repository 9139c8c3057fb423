// SPDX-License-Identifier: Apache-2.0
//
// Serves values that age:
//
//   fresh_agent FOLDER
//
// 1 is absent when no update has succeeded for half a second; an update fails
// while FOLDER/fail exists. 2 is filled on demand, and counts the runs of its
// update; the values live for an hour. A run hangs while FOLDER/hang exists. 3
// is always there.

#include <unistd.h>

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

namespace {

bool Exists(const std::string& file) { return access(file.c_str(), F_OK) == 0; }

}  // namespace

int main(int, char** argv) {
  const std::string folder = argv[1];
  SubtreeOptions options;
  options.max_age = absl::Milliseconds(500);
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  builder
      .AddSubtree(
          Playpen({1}), absl::Milliseconds(10),
          [fail = folder + "/fail"](Contents& contents) {
            contents.Put({0}, Integer32{1});
            return Exists(fail) ? absl::UnavailableError("no sensor")
                                : absl::OkStatus();
          },
          options)
      .AddSubtreeOnDemand(Playpen({2}), absl::Hours(1),
                          [hang = folder + "/hang",
                           runs = int32_t{0}](Contents& contents) mutable {
                            while (Exists(hang))
                              absl::SleepFor(absl::Milliseconds(1));
                            contents.Put({0}, Integer32{++runs});
                            return absl::OkStatus();
                          })
      .AddSubtree(Playpen({3}), absl::Hours(1), [](Contents& contents) {
        contents.Put({0}, Integer32{3});
        return absl::OkStatus();
      });
  AgentMain(builder.Build());
}
