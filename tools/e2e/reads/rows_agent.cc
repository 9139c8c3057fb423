// SPDX-License-Identifier: Apache-2.0
//
// Serves tables:
//
//   rows_agent FILE
//
// 1 has two columns and sparse rows. 2 has rows 1 to 9 and 100; while FILE
// exists, rows 2, 4, 6 and 8 are absent. 3 has rows 1 to 500: every fifth row
// is always present, and the others are added and removed as fast as possible.

#include <unistd.h>

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

constexpr absl::Duration kOften = absl::Milliseconds(1);

absl::Status UpdateSparse(Contents& contents) {
  for (const uint32_t row : {100u, 2u, 10u, 4294967295u, 20u}) {
    contents.Put({1, row}, Gauge32{row});
    contents.Put({2, row}, OctetString{absl::StrCat("row ", row)});
  }
  return absl::OkStatus();
}

absl::Status UpdateToggled(const std::string& file, Contents& contents) {
  const bool hidden = access(file.c_str(), F_OK) == 0;
  for (uint32_t row = 1; row <= 9; ++row) {
    if (row % 2 == 0 && hidden) continue;
    contents.Put({row}, Gauge32{row});
  }
  contents.Put({100}, Gauge32{100});
  return absl::OkStatus();
}

absl::Status UpdateFlickering(Contents& contents) {
  static uint32_t round = 0;
  ++round;
  for (uint32_t row = 1; row <= 500; ++row) {
    if (row % 5 == 0 || row % 5 == round % 5) contents.Put({row}, Gauge32{row});
  }
  return absl::OkStatus();
}

}  // namespace

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const std::string file = argv[1];
  builder.AddSubtree(Playpen({1}), absl::Hours(1), UpdateSparse)
      .AddSubtree(
          Playpen({2}), kOften,
          [=](Contents& contents) { return UpdateToggled(file, contents); })
      .AddSubtree(Playpen({3}), kOften, UpdateFlickering);
  AgentMain(builder.Build());
}
