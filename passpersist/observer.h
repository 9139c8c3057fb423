// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_OBSERVER_H_
#define PASSPERSIST_OBSERVER_H_

#include "passpersist/inspection.h"

namespace passpersist {

// Is told what happens in an agent: what snmpd says and what it gets, the runs
// of updates, the errors.
//
// Called by the threads that do these things, by one at a time. snmpd waits
// meanwhile, so an observer takes note and leaves work to a thread of its own;
// it must not call the agent.
class Observer {
 public:
  virtual ~Observer() = default;

  // Called once, before the first event: what the agent is made of.
  virtual void Begin(const Description& /*description*/) {}

  virtual void Observe(const Event& event) = 0;

  // Called once, when the conversation with snmpd has ended, behind its last
  // event, because the process may end soon: brings what was observed to where
  // it belongs. May wait for that, a little. Updates and guests that are under
  // way may still have something to observe after it, if the process lives on.
  virtual void Flush() {}
};

}  // namespace passpersist

#endif  // PASSPERSIST_OBSERVER_H_
