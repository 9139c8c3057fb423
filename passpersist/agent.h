// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_H_
#define PASSPERSIST_AGENT_H_

#include <memory>

#include "absl/status/status.h"
#include "passpersist/pdu.h"

namespace passpersist {

class AgentMonitor;

namespace internal {
class AgentImpl;
}  // namespace internal

// A running agent: serves its subtrees to one peer (snmpd) and to the
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

  // Starts the first updates, without a pause between them, and waits for them
  // at most AgentBuilder::SetFirstUpdateTimeout(). The error callback gets the
  // number of updates that take longer. Then it serves the peer. Returns
  //
  //   OK                 the peer closed its end, or Shutdown() was called
  //   ResourceExhausted  not a single thread for updates could be started;
  //                      nothing was served
  //   any other error    why the connection to the peer broke
  //
  // Before it returns, Run() closes the listeners and flushes the observers.
  // Run() does not wait for running updates or for listeners' connections whose
  // request is blocked in a setter; the destructor does. Updates continue until
  // the agent is destroyed.
  absl::Status Run();

  // Sends a notification to the peer. May wait for the request in progress, so
  // setters, codecs and transports must not call it. Returns
  //
  //   Unimplemented       the protocol has no notifications (pass_persist has
  //                       none)
  //   FailedPrecondition  Run() does not serve the peer yet
  //   Cancelled           the connection has ended
  //   any other error     a binding cannot be sent, or the connection broke
  absl::Status Notify(const Notification& notification);

  // Makes Run() return, also if called before Run(). May be called again. With
  // a transport that cannot be interrupted, such as FdTransport::Stdio(), Run()
  // returns only when the peer next sends something or closes its end.
  void Shutdown();

  // Describes and measures this agent. AddHealthSubtree() serves what it tells.
  AgentMonitor& monitor();

 private:
  friend class AgentBuilder;

  explicit Agent(std::unique_ptr<internal::AgentImpl> impl);

  const std::unique_ptr<internal::AgentImpl> impl_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_AGENT_H_
