// SPDX-License-Identifier: Apache-2.0
//
// Serves the health of the agent itself.

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/agent_monitor.h"
#include "passpersist/thread_scheduler.h"
#include "store/btree_store.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"

using namespace passpersist;  // NOLINT: an example

namespace {

absl::Status PutHealth(const AgentMonitor& monitor, Contents& contents) {
  const Statistics statistics = monitor.GetStatistics();
  uint64_t failures = 0;
  for (const Statistics::Subtree& subtree : statistics.subtrees) {
    failures += subtree.failures;
  }
  contents.Put({1, 0}, TimeTicks::FromDuration(statistics.uptime), "uptime");
  contents.Put({2, 0}, Counter64{failures}, "failed updates");
  return absl::OkStatus();
}

}  // namespace

int main() {
  AgentMonitor* monitor = nullptr;
  AgentBuilder builder;
  builder.SetTransport(FdTransport::Stdio())
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(BtreeStore::Factory())
      .SetScheduler(std::make_unique<ThreadScheduler>())
      .AddSubtree(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.6"),
                  absl::Seconds(10), [&monitor](Contents& contents) {
                    return PutHealth(*monitor, contents);
                  });
  absl::StatusOr<std::unique_ptr<Agent>> agent = builder.Build();
  // Before the first update, which AgentMain() starts.
  if (agent.ok()) monitor = &(*agent)->monitor();
  AgentMain(std::move(agent));
}
