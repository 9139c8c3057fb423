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
#include "passpersist/agent/interruptible_clock.h"
#include "passpersist/agent/listener_server.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/agent/subtree.h"
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

// A running SNMP agent. Serves its subtrees to one peer (snmpd) and to the
// connections that its listeners accept, while updates run on other threads.
// Built by AgentBuilder.
//
// Run() is called once. All other methods are safe for concurrent use.
class Agent {
 public:
  Agent(const Agent&) = delete;
  Agent& operator=(const Agent&) = delete;

  // Calls Shutdown(), then waits for running updates, for functions of computed
  // values and for requests of the listeners' connections. A program that must
  // not wait for a hanging function ends with AgentMain() instead.
  ~Agent();

  // Starts the first updates, all at once, and waits for them at most
  // AgentBuilder::SetFirstUpdateTimeout(); then serves the peer. Returns
  //
  //   OK                 the peer closed its end, or Shutdown() was called
  //   ResourceExhausted  no thread for an update could be started; nothing was
  //                      served
  //   any other error    why the connection to the peer broke
  //
  // Before it returns, Run() closes the listeners and flushes the observers.
  // Run() does not wait for running updates or for listeners' connections whose
  // request is blocked in a setter; the destructor does. Updates continue until
  // the agent is destroyed.
  absl::Status Run();

  // Sends a notification to the peer. Unimplemented if the protocol has no
  // notifications (pass_persist has none); FailedPrecondition before Run()
  // serves the peer.
  absl::Status Notify(const Notification& notification);

  // Makes Run() return, also if called before Run(). May be called again. With
  // a transport that cannot be interrupted, such as FdTransport::Stdio(), Run()
  // returns only when the peer next sends something or closes its end.
  void Shutdown();

 private:
  friend class AgentBuilder;

  struct Update {
    internal::Subtree* subtree;
    absl::Duration period;
    UpdateFn function;
  };

  struct ListenerSpec {
    std::unique_ptr<Listener> listener;
    CodecFactory make_codec;
  };

  // The parts that the builder has checked.
  struct Parts {
    std::unique_ptr<internal::MibTree> mib_tree;
    std::unique_ptr<Transport> transport;
    std::unique_ptr<Codec> codec;
    std::unique_ptr<Scheduler> scheduler;  // null if there are no updates
    std::shared_ptr<Clock> clock;
    ErrorCallback error_callback;
    std::vector<Update> updates;
    std::vector<ListenerSpec> listeners;
    std::vector<std::unique_ptr<Observer>> observers;
    absl::Duration first_update_timeout;
    absl::Duration computed_value_timeout;
  };

  explicit Agent(Parts parts);

  absl::Status StartUpdates();
  void OnFirstUpdateEnd();

  const std::shared_ptr<Clock> clock_;
  const std::vector<std::unique_ptr<Observer>> configured_observers_;
  const std::unique_ptr<internal::MibTree> mib_tree_;
  internal::InterruptibleClock interruptible_clock_;
  internal::ObserverList observers_;
  internal::AgentMonitor::Updates updates_;
  internal::AgentMonitor monitor_;
  ErrorReporter errors_;
  internal::ComputedValueRunner computed_value_runner_;
  const RequestHandler::Shared shared_;
  const absl::Duration first_update_timeout_;
  std::atomic<size_t> first_updates_left_;
  // Ends the wait for the first updates.
  std::atomic<bool> stop_waiting_ = false;
  internal::Connection connection_;
  // These are the last members, so they are destroyed first: their threads use
  // the other members, and connections of listener_servers_ use the scheduler.
  const std::unique_ptr<Scheduler> scheduler_;
  std::vector<std::unique_ptr<internal::ListenerServer>> listener_servers_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_AGENT_H_
