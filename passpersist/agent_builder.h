// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_BUILDER_H_
#define PASSPERSIST_AGENT_BUILDER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/agent.h"
#include "passpersist/clock.h"
#include "passpersist/codec.h"
#include "passpersist/contents.h"
#include "passpersist/error_report.h"
#include "passpersist/listener.h"
#include "passpersist/observer.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/scheduler.h"
#include "passpersist/setter.h"
#include "passpersist/transport.h"

namespace passpersist {

// Puts an agent together: how bytes move (transport), what they mean (codec),
// how values are kept (store) and when they are renewed (scheduler), and what
// is served. A library contributes by a function of its own,
//
//   void AddInterfaces(AgentBuilder& builder);
//
// and a program composes several. Nothing is checked before Build(), which
// reports all problems at once.
//
// An OID is given as an Oid or as what Oid::Parse() returned: a text that is
// no OID is one of those problems.
//
// Used by one thread at a time.
class AgentBuilder {
 public:
  AgentBuilder();
  AgentBuilder(AgentBuilder&&) = default;
  AgentBuilder& operator=(AgentBuilder&&) = default;

  // Required.
  AgentBuilder& SetTransport(std::unique_ptr<Transport> transport);
  AgentBuilder& SetCodec(std::unique_ptr<Codec> codec);

  // Required if a subtree is updated periodically. Each of these gets a store
  // of its own, so that a small subtree never pays for a large one.
  AgentBuilder& SetStoreFactory(StoreFactory factory);
  AgentBuilder& SetScheduler(std::unique_ptr<Scheduler> scheduler);

  // Serves what lies below `root`, renewed as a whole by `update` at once and
  // then every `period`. Roots must not lie within each other. `update` is
  // called by one thread at a time, and may be as slow as it likes.
  AgentBuilder& AddSubtree(absl::StatusOr<Oid> root, absl::Duration period,
                           UpdateFn update);

  // Serves `store` below `root`. Its owner keeps it up to date.
  AgentBuilder& AddSubtree(absl::StatusOr<Oid> root,
                           std::shared_ptr<OidStore> store);

  // Lets `setter` decide about SNMP SETs at and below `root`, which must lie in
  // a subtree. Of several that enclose an instance the nearest is asked. A
  // value that was set is at once what the subtree holds.
  AgentBuilder& AddSetter(absl::StatusOr<Oid> root,
                          std::unique_ptr<Setter> setter);

  // Serves, beside the transport, every peer that `listener` accepts, each with
  // a codec of its own.
  AgentBuilder& AddListener(std::unique_ptr<Listener> listener,
                            CodecFactory make_codec);

  // Tells `observer` what happens: snmpd's requests and their answers, updates,
  // errors.
  AgentBuilder& AddObserver(std::unique_ptr<Observer> observer);

  // Replaces SyslogErrors().
  AgentBuilder& OnError(ErrorCallback hook);

  // How long Run() waits for the first updates before it serves what is there.
  // Meanwhile snmpd answers no one, because it waits for PONG without a
  // timeout. 5 seconds unless told otherwise.
  AgentBuilder& SetFirstUpdateTimeout(absl::Duration limit);

  // How long a request waits for the function of a lazy value; if that takes
  // longer, the instance is absent until it has returned. 500 milliseconds
  // unless told otherwise. Functions are called on threads of their own, which
  // costs some 10 us a value; with an infinite limit they are called on the
  // thread that answers, and one that hangs stops snmpd.
  AgentBuilder& SetComputedValueTimeout(absl::Duration limit);

  // Replaces the system's monotonic clock.
  AgentBuilder& SetClock(std::shared_ptr<Clock> clock);

  // The agent, or InvalidArgument naming every problem. Leaves the builder
  // empty.
  absl::StatusOr<std::unique_ptr<Agent>> Build();

 private:
  struct SubtreeSpec {
    absl::StatusOr<Oid> root;
    std::shared_ptr<OidStore> store;  // null: made by the factory and updated
    absl::Duration period;
    UpdateFn update;
  };

  struct SetterSpec {
    absl::StatusOr<Oid> root;
    std::unique_ptr<Setter> setter;
  };

  class Problems;
  void CheckParts(Problems* problems) const;
  void CheckSubtrees(Problems* problems) const;
  void CheckSetters(Problems* problems) const;

  Agent::Parts parts_;
  StoreFactory store_factory_;
  std::vector<SubtreeSpec> subtrees_;
  std::vector<SetterSpec> setters_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_AGENT_BUILDER_H_
