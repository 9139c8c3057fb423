// SPDX-License-Identifier: Apache-2.0
//
// Serves a table whose cells are all the number of the last update, and appends
// to a file the columns before which snmpd paused:
//
//   generations_agent STORE COLUMNS ROWS SECONDS FILE
//
// STORE is "btree" or "trie", SECONDS is the period of the update.

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/row_index.h"
#include "store/trie_store.h"
#include "tools/e2e/reads/pause_observer.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  if (argv[1] == std::string("trie")) {
    builder.SetStoreFactory(TrieStore::Factory());
  }
  const auto columns = static_cast<uint32_t>(std::atoi(argv[2]));
  const std::shared_ptr<const RowIndex> rows =
      RowIndex::UpTo(static_cast<uint32_t>(std::atoi(argv[3])));
  builder
      .AddObserver(std::make_unique<passpersist_testing::PauseObserver>(
          Playpen(), argv[5]))
      .AddSubtree(Playpen(), absl::Seconds(std::atof(argv[4])),
                  [=, update = int32_t{0}](Contents& contents) mutable {
                    ++update;
                    for (uint32_t column = 1; column <= columns; ++column) {
                      contents.PutColumn({column}, rows,
                                         std::vector<Integer32>(
                                             rows->size(), Integer32{update}));
                    }
                    return absl::OkStatus();
                  });
  AgentMain(builder.Build());
}
