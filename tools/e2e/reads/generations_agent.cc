// SPDX-License-Identifier: Apache-2.0
//
// Serves a table whose cells are all the number of the last update, which runs
// every two milliseconds:
//
//   generations_agent COLUMNS ROWS

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/row_index.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const auto columns = static_cast<uint32_t>(std::atoi(argv[1]));
  const std::shared_ptr<const RowIndex> rows =
      RowIndex::UpTo(static_cast<uint32_t>(std::atoi(argv[2])));
  builder.AddSubtree(
      Playpen(), absl::Milliseconds(2),
      [=, update = int32_t{0}](Contents& contents) mutable {
        ++update;
        for (uint32_t column = 1; column <= columns; ++column) {
          contents.PutColumn(
              {column}, rows,
              std::vector<Integer32>(rows->size(), Integer32{update}));
        }
        return absl::OkStatus();
      });
  AgentMain(builder.Build());
}
