// SPDX-License-Identifier: Apache-2.0
//
// Serves a settings file that people edit and SNMP managers set: settings FILE
// (settings_table.h).

#include <memory>

#include "absl/status/status.h"
#include "examples/settings_table.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/thread_scheduler.h"
#include "store/btree_store.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"

using namespace passpersist;  // NOLINT: an example

int main(int argc, char** argv) {
  if (argc != 2) AgentMain(absl::InvalidArgumentError("usage: settings FILE"));
  AgentBuilder builder;
  builder.SetTransport(FdTransport::Stdio())
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(BtreeStore::Factory())
      .SetScheduler(std::make_unique<ThreadScheduler>());
  AddSettings(builder, argv[1]);
  AgentMain(builder.Build());
}
