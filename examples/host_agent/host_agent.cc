// SPDX-License-Identifier: Apache-2.0
//
// Serves data of the machine that snmpd's own MIBs do not have. Each line of
// main() adds the contribution of a library that does not depend on the others.
// testdata/mibs/PASSPERSIST-HOST-MIB.txt has the names of the objects. With the
// path of a socket as its argument the program adds a debug socket.

#include <memory>

#include "examples/host_agent/disks.h"
#include "examples/host_agent/interfaces.h"
#include "examples/host_agent/pressure.h"
#include "examples/host_agent/processes.h"
#include "examples/host_agent/sockets.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/thread_scheduler.h"
#include "store/trie_store.h"
#include "transport/debug/debug_codec.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"
#include "transport/posix/unix_listener.h"

using namespace passpersist;  // NOLINT: an example

int main(int argc, char** argv) {
  AgentBuilder builder;
  builder.SetTransport(FdTransport::Stdio())
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(TrieStore::Factory())
      .SetScheduler(std::make_unique<ThreadScheduler>());
  host_agent::AddInterfaces(builder);
  host_agent::AddDisks(builder);
  host_agent::AddPressure(builder);
  host_agent::AddSockets(builder);
  host_agent::AddProcesses(builder);
  if (argc > 1) {
    builder.AddListener(UnixListener::Listen(argv[1]), DebugCodec::Factory());
  }
  AgentMain(builder.Build());
}
