// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/snmpd_agent.h"

#include <memory>

#include "absl/time/time.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "store/btree_store.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"

namespace passpersist_testing {

using passpersist::AgentBuilder;
using passpersist::Oid;

AgentBuilder SnmpdAgent(const std::string& stray_output) {
  AgentBuilder builder;
  builder.SetTransport(passpersist::FdTransport::Stdio(stray_output))
      .SetCodec(std::make_unique<passpersist::PassPersistCodec>())
      .SetStoreFactory(passpersist::BtreeStore::Factory())
      .SetScheduler(std::make_unique<passpersist::ThreadScheduler>())
      .SetFirstUpdateTimeout(absl::InfiniteDuration());
  return builder;
}

Oid Playpen(const Oid& suffix) {
  return Concat({1, 3, 6, 1, 4, 1, 8072, 9999, 9999}, suffix);
}

}  // namespace passpersist_testing
