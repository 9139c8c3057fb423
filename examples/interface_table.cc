// SPDX-License-Identifier: Apache-2.0
//
// Serves the machine's network interfaces as a table. The table is a library
// (interfaces.h), as a team would contribute it; a program can combine any
// number of such libraries. With the path of a socket as its first argument the
// program adds a debug socket, "passpersist stats --socket=PATH", and with the
// path of a file as its second one it records its conversation
// (docs/debugging.md). An AgentBuilder with all parts shows how; a SnmpAgent
// has these parts and an option for the socket.

#include <memory>

#include "examples/interfaces.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "store/btree_store.h"
#include "transport/debug/debug_codec.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"
#include "transport/posix/unix_listener.h"
#include "transport/recording/recorder.h"

using namespace passpersist;  // NOLINT: an example

int main(int argc, char** argv) {
  AgentBuilder builder;
  builder.SetTransport(FdTransport::Stdio())
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(BtreeStore::Factory())
      .SetScheduler(std::make_unique<ThreadScheduler>());
  AddInterfaces(builder);
  if (argc > 1) {
    builder.AddListener(UnixListener::Listen(argv[1]), DebugCodec::Factory());
  }
  if (argc > 2) {
    builder.AddObserver(Recorder::Open(argv[2]));
  }
  AgentMain(builder.Build());
}
