// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_AGENT_MONITOR_H_
#define PASSPERSIST_AGENT_AGENT_MONITOR_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent/interruptible_clock.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/periodic_update.h"
#include "passpersist/agent/recent_errors.h"
#include "passpersist/agent/request_metrics.h"
#include "passpersist/agent/watch_queue.h"
#include "passpersist/inspection.h"
#include "passpersist/oid.h"

namespace passpersist::internal {

// Describes and measures a running agent, for the clients that debug it.
//
// Safe for concurrent use.
class AgentMonitor {
 public:
  using Updates = std::vector<std::unique_ptr<PeriodicUpdate>>;

  // `codec` is the name of the codec's class. All pointers must outlive this.
  // `updates` may be filled until the agent runs.
  AgentMonitor(const MibTree* objects, const Updates* updates,
               std::string codec, InterruptibleClock* interruptible_clock,
               ObserverList* observers);

  Description Describe() const;
  Statistics GetStatistics() const;

  // NotFound if there is no subtree with that root, FailedPrecondition if the
  // owner of the subtree keeps it up to date; else see
  // PeriodicUpdate::RunNow().
  UpdateEvent RunUpdate(const Oid& root, absl::Duration limit,
                        const HasGone& has_gone);

  // The time since the last successful update of the subtree with that root,
  // or nothing if there was none.
  std::optional<absl::Duration> AgeOf(const Oid& root) const;

  std::unique_ptr<WatchQueue> NewWatch();

  // The requests of the peer (snmpd), which are published to observers, and
  // those of debug clients, which are not.
  RequestMetrics& peer() { return peer_; }
  RequestMetrics& clients() { return clients_; }

  void RecordError(const absl::Status& error);
  void OnClientConnected();
  void OnClientDisconnected();

 private:
  // The update of the subtree with that root, or null.
  PeriodicUpdate* FindUpdate(const Oid& root) const;

  const MibTree& objects_;
  const Updates& updates_;
  const std::string codec_;
  InterruptibleClock& interruptible_clock_;
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

#endif  // PASSPERSIST_AGENT_AGENT_MONITOR_H_
