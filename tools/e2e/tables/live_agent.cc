// SPDX-License-Identifier: Apache-2.0
//
// Serves a table that another thread changes, row by row:
//
//   live_agent ROWS RATE FILE
//
// 1 is the number of changes that were made, at most RATE a second. 2 is the
// table: its ten columns are the number of the last change of the row. FILE
// gets the columns before which snmpd paused.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/table/column.h"
#include "passpersist/table/live_table.h"
#include "passpersist/table/table.h"
#include "store/trie_store.h"
#include "tools/e2e/reads/pause_observer.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

namespace {

struct Row {
  uint32_t index = 0;
  int32_t generation = 0;
};

const auto kTable =  // NOLINT: a value without a destructor
    Table<Row>({2})
        .Index(&Row::index)
        .Column(1, &Row::generation)
        .Column(2, &Row::generation)
        .Column(3, &Row::generation)
        .Column(4, &Row::generation)
        .Column(5, &Row::generation)
        .Column(6, &Row::generation)
        .Column(7, &Row::generation)
        .Column(8, &Row::generation)
        .Column(9, &Row::generation)
        .Column(10, &Row::generation);

std::atomic<uint32_t> changes{0};

// Never returns. A change that is late is made at once.
void Change(uint32_t rows, int rate, LiveTable<Row, uint32_t>* table) {
  using Clock = std::chrono::steady_clock;
  const Clock::duration period =
      Clock::duration(std::chrono::seconds(1)) / rate;
  uint32_t index = 0;
  for (Clock::time_point next = Clock::now();; next += period) {
    std::this_thread::sleep_until(next);
    // A prime number: neighbours are not changed one after the other.
    index = (index + 7919) % rows;
    const auto generation = static_cast<int32_t>(changes + 1);
    if (table->Upsert({index + 1, generation}).ok()) ++changes;
  }
}

}  // namespace

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const auto rows = static_cast<uint32_t>(std::atoi(argv[1]));
  const int rate = std::atoi(argv[2]);
  const auto table = MakeLiveTable(kTable);
  std::vector<Row> first;
  for (uint32_t index = 1; index <= rows; ++index) first.push_back({index});
  table->Replace(first).IgnoreError();
  builder.SetStoreFactory(TrieStore::Factory())
      .AddObserver(std::make_unique<passpersist_testing::PauseObserver>(
          Playpen({2, 1}), argv[3]))
      .AddScalar(Playpen({1}), &changes)
      .AddTable(Playpen(), table);
  auto agent = builder.Build();
  const std::thread changer(Change, rows, rate, table.get());
  AgentMain(std::move(agent));
}
