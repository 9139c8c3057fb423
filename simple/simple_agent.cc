// SPDX-License-Identifier: Apache-2.0

#include "simple/simple_agent.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passpersist/agent_main.h"
#include "passpersist/thread_scheduler.h"
#include "store/btree_store.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"

namespace passpersist {

SimpleAgent::SimpleAgent(absl::StatusOr<Oid> base, absl::Duration period,
                         UpdateFn update)
    : base_(base.value_or(Oid())) {
  builder_.SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(BtreeStore::Factory())
      .SetScheduler(std::make_unique<ThreadScheduler>())
      .AddSubtree(std::move(base), period, std::move(update));
}

SimpleAgent& SimpleAgent::AddSetter(absl::string_view oid,
                                    TextSetFunction set) {
  absl::StatusOr<Oid> root = Oid::Parse(oid);
  // In another subtree, which builder() can add, `set` would get wrong OIDs.
  if (root.ok() && !root->StartsWith(base_)) {
    root = absl::InvalidArgumentError(absl::StrCat(
        root->ToString(), " is not below the base ", base_.ToString()));
  }
  builder_.AddSetter(std::move(root), MakeTextSetter(base_, std::move(set)));
  return *this;
}

void SimpleAgent::Run() {
  builder_.SetTransport(FdTransport::Stdio());
  AgentMain(builder_.Build());
}

}  // namespace passpersist
