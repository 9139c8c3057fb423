// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_AGENT_IMPL_H_
#define PASSPERSIST_AGENT_AGENT_IMPL_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent/agent_monitor_impl.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/calls/run_task.h"
#include "passpersist/agent/connection.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/listener_server.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/reading/mib_reader.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/agent/sets/setter_locks.h"
#include "passpersist/agent/subtree_update.h"
#include "passpersist/agent/sys_up_time_reader.h"
#include "passpersist/codec.h"
#include "passpersist/contents.h"
#include "passpersist/error_callback.h"
#include "passpersist/listener.h"
#include "passpersist/monitoring/observer.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduling/clock.h"
#include "passpersist/scheduling/scheduler.h"
#include "passpersist/sys_up_time.h"
#include "passpersist/transport.h"

namespace passpersist::internal {

// The parts of an agent, which AgentBuilder has checked.
struct AgentParts {
  struct Update {
    Subtree* subtree;
    SubtreeUpdate::Options options;
  };

  // See AgentBuilder::ExpectOnly().
  struct OnlyRequest {
    Oid name;
    bool is_next;
  };

  struct ListenerSpec {
    std::unique_ptr<Listener> listener;
    CodecFactory make_codec;
  };

  std::unique_ptr<MibTree> mib_tree;
  std::unique_ptr<Transport> transport;
  std::unique_ptr<Codec> codec;
  std::unique_ptr<Scheduler> scheduler;
  std::shared_ptr<Clock> clock;
  std::shared_ptr<SysUpTime> sys_up_time;  // or null
  ErrorCallback error_callback;
  std::vector<Update> updates;  // in the order of their subtrees
  std::optional<OnlyRequest> only_request;
  std::vector<ListenerSpec> listeners;
  std::vector<std::unique_ptr<Observer>> observers;
  absl::Duration first_update_timeout;
  absl::Duration waiting_limit;
  ComputedValueRunner::Limits computed_values;
  MibReader::Options reading;
};

// Implements Agent.
//
// Run() is called once. All other methods are safe for concurrent use.
class AgentImpl {
 public:
  explicit AgentImpl(AgentParts parts);
  ~AgentImpl();

  AgentImpl(const AgentImpl&) = delete;
  AgentImpl& operator=(const AgentImpl&) = delete;

  absl::Status Run();
  absl::Status Notify(const Notification& notification);
  void Shutdown();
  AgentMonitor& monitor() { return monitor_; }

 private:
  // Runs user code of this kind.
  RunTask RunAs(TaskKind kind) {
    return [this, kind](Scheduler::Task task) {
      return scheduler_->Run(kind, std::move(task));
    };
  }
  MibReader::AwaitUpdate MakeAwaitUpdate(
      const std::vector<AgentParts::Update>& updates);
  absl::Status StartUpdates();
  void AwaitFirstUpdates(absl::Duration deadline);
  size_t FirstUpdatesLeft() const;

  const std::shared_ptr<Clock> clock_;
  const std::vector<std::unique_ptr<Observer>> configured_observers_;
  const std::unique_ptr<MibTree> mib_tree_;
  ObserverList observers_;
  AgentMonitorImpl::Updates updates_;
  AgentMonitorImpl monitor_;
  ErrorReporter errors_;
  SysUpTimeReader sys_up_time_;
  // Connections and updates use it, so it is destroyed after them. The
  // destructor stops it first: its tasks use the other members.
  const std::unique_ptr<Scheduler> scheduler_;
  ComputedValueRunner computed_values_;
  SetterLocks setter_locks_;
  // Of the subtrees that are filled on demand, by their number; or null.
  std::vector<SubtreeUpdate*> on_demand_;
  const RequestHandler::Shared shared_;
  const absl::Duration first_update_timeout_;
  const std::optional<AgentParts::OnlyRequest> only_request_;
  // False while Run() has to wait for the first run of an update. By the number
  // of the update.
  std::vector<std::atomic<bool>> has_run_;
  Connection connection_;
  // The last member, so it is destroyed first: its threads use the others.
  std::vector<std::unique_ptr<ListenerServer>> listener_servers_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_AGENT_IMPL_H_
