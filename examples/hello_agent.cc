// SPDX-License-Identifier: Apache-2.0
//
// Serves two scalars, a greeting and the time since the start of the program,
// for a `pass_persist` line of snmpd.conf.

#include <memory>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/thread_scheduler.h"
#include "store/btree_store.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"

namespace {

using namespace passpersist;  // NOLINT: an example

constexpr char kRoot[] = ".1.3.6.1.4.1.8072.9999.9999.1";

const absl::Time kStart = absl::Now();

absl::Status Update(Contents& contents) {
  contents.Put({1, 0}, OctetString{"hello, world"}, "greeting");
  contents.Put({2, 0}, TimeTicks::FromDuration(absl::Now() - kStart), "uptime");
  return absl::OkStatus();
}

}  // namespace

int main() {
  AgentBuilder builder;
  builder.SetTransport(FdTransport::Stdio())
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(BtreeStore::Factory())
      .SetScheduler(std::make_unique<ThreadScheduler>())
      .AddSubtree(Oid::Parse(kRoot), absl::Seconds(1), Update);
  AgentMain(builder.Build());
}
