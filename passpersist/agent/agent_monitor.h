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
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/periodic_update.h"
#include "passpersist/agent/recent_errors.h"
#include "passpersist/agent/request_metrics.h"
#include "passpersist/agent/wait_room.h"
#include "passpersist/agent/watch_queue.h"
#include "passpersist/inspection.h"
#include "passpersist/oid.h"

namespace passpersist::internal {

// What an agent knows of itself: answers those who debug it.
//
// Safe for concurrent use.
class AgentMonitor {
 public:
  using Updates = std::vector<std::unique_ptr<PeriodicUpdate>>;

  // `codec` is the name of the class. All pointers must outlive this;
  // `updates` may be filled until the agent runs.
  AgentMonitor(const MibTree* objects, const Updates* updates,
               std::string codec, WaitRoom* wait_room, ObserverList* observers);

  Description Describe() const;
  Statistics GetStatistics() const;

  // NotFound if there is no subtree with this root, FailedPrecondition if its
  // owner keeps it up to date; else see PeriodicUpdate::RunNow().
  UpdateEvent RunUpdate(const Oid& root, absl::Duration limit,
                        const HasGone& has_gone);

  // Since the last update that brought the instances below `root`, which must
  // be that of a subtree.
  std::optional<absl::Duration> AgeOf(const Oid& root) const;

  std::unique_ptr<WatchQueue> NewWatch();

  // Of snmpd's requests, which observers hear of, and of guests'.
  RequestMetrics& peer() { return peer_; }
  RequestMetrics& guests() { return guests_; }

  void RecordError(const absl::Status& error);
  void GuestCame();
  void GuestLeft();

 private:
  // The update of the subtree with this root, or null.
  PeriodicUpdate* FindUpdate(const Oid& root) const;

  const MibTree& objects_;
  const Updates& updates_;
  const std::string codec_;
  WaitRoom& wait_room_;
  ObserverList& observers_;
  const absl::Time started_;
  const absl::Duration begin_;

  RequestMetrics peer_;
  RequestMetrics guests_;
  RecentErrors errors_;
  std::atomic<uint64_t> open_connections_ = 0;
  std::atomic<uint64_t> total_connections_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_AGENT_MONITOR_H_
