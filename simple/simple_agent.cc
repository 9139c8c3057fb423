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

SimpleAgent::SimpleAgent(absl::StatusOr<Oid> root, absl::Duration period,
                         UpdateFn update, SubtreeOptions options)
    : root_(root.value_or(Oid())) {
  builder_.SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(BtreeStore::Factory())
      .SetScheduler(std::make_unique<ThreadScheduler>())
      .AddSubtree(std::move(root), period, std::move(update), options);
}

SimpleAgent& SimpleAgent::AddSetter(absl::string_view oid, TextSetFunction set,
                                    TextSetterOptions options) {
  absl::StatusOr<Oid> setter_root = Oid::Parse(oid);
  // In another subtree, which builder() can add, `set` would get wrong OIDs.
  if (setter_root.ok() && !setter_root->StartsWith(root_)) {
    setter_root = absl::InvalidArgumentError(absl::StrCat(
        setter_root->ToString(), " is not below the root ", root_.ToString()));
  }
  std::unique_ptr<Setter> setter =
      MakeTextSetter(setter_root.value_or(Oid()), std::move(set), options);
  builder_.AddSetter(std::move(setter_root), std::move(setter));
  return *this;
}

void SimpleAgent::Run() {
  builder_.SetTransport(FdTransport::Stdio());
  AgentMain(builder_.Build());
}

}  // namespace passpersist
