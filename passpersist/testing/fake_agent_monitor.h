// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_FAKE_AGENT_MONITOR_H_
#define PASSPERSIST_TESTING_FAKE_AGENT_MONITOR_H_

#include <map>
#include <memory>
#include <vector>

#include "absl/time/time.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/monitoring/observer.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist_testing {

// A monitor without an agent: reports what the test has put into its fields.
//
// Used by one thread at a time.
class FakeAgentMonitor : public passpersist::AgentMonitor {
 public:
  passpersist::Description description;
  passpersist::Statistics statistics;
  std::map<passpersist::Oid, passpersist::InstanceInfo> instance_info;

  // The runs that were requested; the test ends them by UpdateRun::End().
  std::vector<std::shared_ptr<passpersist::UpdateRun>> runs;

  // The observers that were added and not removed.
  std::vector<passpersist::Observer*> observers;

  // Reports `event` to the observers.
  void Publish(const passpersist::Event& event) const;

  passpersist::Description Describe() const override;
  passpersist::Statistics GetStatistics() const override;
  passpersist::InstanceInfo GetInstanceInfo(
      const passpersist::Oid& oid) const override;
  std::shared_ptr<const passpersist::UpdateRun> StartUpdate(
      const passpersist::Oid& root) override;
  passpersist::UpdateEvent RunUpdate(const passpersist::Oid& root,
                                     absl::Duration timeout) override;
  void AddObserver(passpersist::Observer* observer) override;
  void RemoveObserver(passpersist::Observer* observer) override;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_AGENT_MONITOR_H_
