// SPDX-License-Identifier: Apache-2.0
//
// Serves computed values, some of which hang or are slow:
//
//   hanging_values_agent hanging FILE COUNT   COUNT hang until FILE exists, the
//                                             five after them don't
//   hanging_values_agent slow SECONDS COUNT   each third of COUNT takes SECONDS
//   hanging_values_agent set SECONDS COUNT    COUNT values, each with a setter
//                                             that takes SECONDS

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/setter.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

namespace {

absl::Status PutHanging(const std::string& file, uint32_t count,
                        Contents& contents) {
  for (uint32_t i = 1; i <= count + 5; ++i) {
    const bool hangs = i <= count;
    contents.PutComputed({i}, [hangs, file, i] {
      while (hangs && access(file.c_str(), F_OK) != 0) {
        absl::SleepFor(absl::Milliseconds(5));
      }
      return Gauge32{i};
    });
  }
  return absl::OkStatus();
}

absl::Status PutSlow(absl::Duration time, uint32_t count, Contents& contents) {
  for (uint32_t i = 1; i <= count; ++i) {
    contents.PutComputed({i}, [time, i] {
      if (i % 3 == 0) absl::SleepFor(time);
      return Gauge32{i};
    });
  }
  return absl::OkStatus();
}

void AddSetters(absl::Duration time, uint32_t count, AgentBuilder* builder) {
  builder->AddSubtree(Playpen(), absl::Hours(1), [count](Contents& contents) {
    for (uint32_t i = 1; i <= count; ++i) contents.Put({i}, Integer32{0});
    return absl::OkStatus();
  });
  for (uint32_t i = 1; i <= count; ++i) {
    builder->AddSetter(Playpen({i}),
                       MakeSetter([time](const Oid&, const Value&) {
                         absl::SleepFor(time);
                         return ErrorStatus::kNoError;
                       }));
  }
}

}  // namespace

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const std::string mode = argv[1];
  const std::string argument = argv[2];
  const absl::Duration time = absl::Seconds(std::atof(argv[2]));
  const auto count = static_cast<uint32_t>(std::atoi(argv[3]));
  if (mode == "set") {
    AddSetters(time, count, &builder);
  } else {
    builder.AddSubtree(Playpen(), absl::Hours(1), [=](Contents& contents) {
      return mode == "hanging" ? PutHanging(argument, count, contents)
                               : PutSlow(time, count, contents);
    });
  }
  AgentMain(builder.Build());
}
