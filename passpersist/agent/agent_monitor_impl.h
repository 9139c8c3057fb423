// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_AGENT_MONITOR_IMPL_H_
#define PASSPERSIST_AGENT_AGENT_MONITOR_IMPL_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent/errors/recent_errors.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/request_metrics.h"
#include "passpersist/agent/subtree_update.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/monitoring/observer.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduling/clock.h"

namespace passpersist::internal {

// The monitor of an agent, and what the agent tells it.
//
// Safe for concurrent use.
class AgentMonitorImpl : public AgentMonitor {
 public:
  using Updates = std::vector<std::unique_ptr<SubtreeUpdate>>;

  // `codec` is the name of the codec's class. All pointers must outlive this.
  // `updates` are in OID order, and may be filled until the agent runs.
  AgentMonitorImpl(const MibTree* objects, const Updates* updates,
                   std::string codec, Clock* clock, ObserverList* observers);

  Description Describe() const override;
  Statistics GetStatistics() const override;
  InstanceInfo GetInstanceInfo(const Oid& oid) const override;
  std::shared_ptr<const UpdateRun> StartUpdate(const Oid& root) override;
  UpdateEvent RunUpdate(const Oid& root, absl::Duration timeout) override;
  void AddObserver(Observer* observer) override;
  void RemoveObserver(Observer* observer) override;

  // The requests of the peer (snmpd), which are published to observers, and
  // those of debug clients, which are not.
  RequestMetrics& peer() { return peer_; }
  RequestMetrics& clients() { return clients_; }

  void RecordError(const absl::Status& error);
  void OnClientConnected();
  void OnClientDisconnected();

 private:
  // The update of the subtree with that root, or null.
  SubtreeUpdate* FindUpdate(const Oid& root) const;

  const MibTree& objects_;
  const Updates& updates_;
  const std::string codec_;
  Clock& clock_;
  ObserverList& observers_;
  const absl::Time started_;
  const absl::Duration begin_;

  RequestMetrics peer_;
  RequestMetrics clients_;
  RecentErrors errors_;
  std::atomic<uint64_t> open_connections_ = 0;
  std::atomic<uint64_t> total_connections_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_AGENT_MONITOR_IMPL_H_
