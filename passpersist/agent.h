// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_H_
#define PASSPERSIST_AGENT_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent/agent_monitor.h"
#include "passpersist/agent/computed_value_runner.h"
#include "passpersist/agent/connection.h"
#include "passpersist/agent/listener_server.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/agent/subtree.h"
#include "passpersist/agent/wait_room.h"
#include "passpersist/clock.h"
#include "passpersist/codec.h"
#include "passpersist/contents.h"
#include "passpersist/error_report.h"
#include "passpersist/listener.h"
#include "passpersist/observer.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduler.h"
#include "passpersist/transport.h"

namespace passpersist {

// A running program's side of SNMP: serves its subtrees to one peer (snmpd),
// and to those who come through the side doors, while updates run beside.
// Made by AgentBuilder.
//
// Run() is called once; everything else is safe for concurrent use.
class Agent {
 public:
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  // Like Shutdown(), then waits for what is under way: updates, functions of
  // lazy values, requests of guests. (A program that must not wait for one that
  // hangs ends by AgentMain().)
  ~Agent();

  // Runs the first updates, all at once, waiting for them as long as the
  // builder was told; then serves. OK when the peer has closed its end or
  // Shutdown() was called; otherwise what broke the conversation.
  // ResourceExhausted, and nobody is served, if there is no thread for an
  // update.
  //
  // When it returns the side doors are closed and observers are flushed. It
  // waits for nobody else: updates go on until the agent is destroyed, and a
  // guest whose request is in a setter that hangs stays with it.
  absl::Status Run();

  // Sends a notification to the peer. Unimplemented in protocols without them,
  // such as pass_persist; FailedPrecondition before Run() serves.
  absl::Status Notify(const Notification& notification);

  // Makes Run() return, also when called before it. May be called again. A
  // transport that can't be interrupted, such as FdTransport::Stdio(), keeps
  // Run() until its peer says something or closes its end.
  void Shutdown();

 private:
  friend class AgentBuilder;

  struct Update {
    internal::Subtree* subtree;
    absl::Duration period;
    UpdateFn function;
  };

  struct Door {
    std::unique_ptr<Listener> listener;
    CodecFactory make_codec;
  };

  // What the builder has checked and hands over.
  struct Parts {
    std::unique_ptr<internal::MibTree> objects;
    std::unique_ptr<Transport> transport;
    std::unique_ptr<Codec> codec;
    std::unique_ptr<Scheduler> scheduler;  // null if there are no updates
    std::shared_ptr<Clock> clock;
    ErrorCallback error_hook;
    std::vector<Update> updates;
    std::vector<Door> side_doors;
    std::vector<std::unique_ptr<Observer>> observers;
    absl::Duration first_update_limit;
    absl::Duration lazy_value_limit;
  };

  explicit Agent(Parts parts);

  absl::Status StartUpdates();
  void FirstUpdateEnded();

  const std::shared_ptr<Clock> clock_;
  const std::vector<std::unique_ptr<Observer>> own_observers_;
  const std::unique_ptr<internal::MibTree> objects_;
  internal::WaitRoom wait_room_;
  internal::ObserverList observers_;
  internal::AgentMonitor::Updates updates_;
  internal::AgentMonitor inspector_;
  ErrorReporter errors_;
  internal::ComputedValueRunner lazies_;
  const RequestHandler::Shared shared_;
  const absl::Duration first_update_limit_;
  std::atomic<size_t> first_updates_left_;
  std::atomic<bool> wait_no_longer_ = false;  // for first updates
  internal::Connection connection_;
  // Last, so that they are destroyed first: their threads use the rest, and
  // guests the scheduler.
  const std::unique_ptr<Scheduler> scheduler_;
  std::vector<std::unique_ptr<internal::ListenerServer>> side_doors_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_AGENT_H_
