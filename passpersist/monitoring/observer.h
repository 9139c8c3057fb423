// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_MONITORING_OBSERVER_H_
#define PASSPERSIST_MONITORING_OBSERVER_H_

#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/statistics.h"

namespace passpersist {

// Receives the events of an agent: snmpd's requests and their answers, runs of
// updates, and errors.
//
// Called on the thread that causes the event, by one thread at a time. snmpd
// may wait for the call to return, so an observer should only record the event
// and leave further work to a thread of its own. It must call neither the agent
// nor its monitor.
class Observer {
 public:
  virtual ~Observer() = default;

  // Called once, before the first event, with the configuration of the agent.
  virtual void OnStart(const Description& /*description*/) {}

  virtual void OnEvent(const Event& event) = 0;

  // Called once, after the connection to snmpd has ended and its last event was
  // reported. The process may end soon, so Flush() writes the recorded events
  // to their destination; it may block for a short time. If the process
  // continues, running updates and debug clients may cause events after
  // Flush().
  virtual void Flush() {}
};

}  // namespace passpersist

#endif  // PASSPERSIST_MONITORING_OBSERVER_H_
