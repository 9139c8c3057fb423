// SPDX-License-Identifier: Apache-2.0
//
// Serves the queues of a packet scheduler (queues.h): queue_table FILE.
// TrieStore is the better store for a table: it keeps the indexes of the rows
// once for all columns.

#include <memory>

#include "absl/status/status.h"
#include "examples/queues.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/thread_scheduler.h"
#include "store/trie_store.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"

using namespace passpersist;  // NOLINT: an example

int main(int argc, char** argv) {
  if (argc != 2) {
    AgentMain(absl::InvalidArgumentError("usage: queue_table FILE"));
  }
  AgentBuilder builder;
  builder.SetTransport(FdTransport::Stdio())
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(TrieStore::Factory())
      .SetScheduler(std::make_unique<ThreadScheduler>());
  AddQueues(builder, argv[1]);
  AgentMain(builder.Build());
}
