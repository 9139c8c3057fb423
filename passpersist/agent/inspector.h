#ifndef PASSPERSIST_AGENT_INSPECTOR_H_
#define PASSPERSIST_AGENT_INSPECTOR_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent/managed_objects.h"
#include "passpersist/agent/observers.h"
#include "passpersist/agent/periodic_update.h"
#include "passpersist/agent/recent_errors.h"
#include "passpersist/agent/request_monitor.h"
#include "passpersist/agent/wait_room.h"
#include "passpersist/agent/watch_queue.h"
#include "passpersist/inspection.h"
#include "passpersist/oid.h"

namespace passpersist::internal {

// What an agent knows of itself: answers those who debug it.
//
// Safe for concurrent use.
class Inspector {
 public:
  using Updates = std::vector<std::unique_ptr<PeriodicUpdate>>;

  // `codec` is the name of the class. All pointers must outlive this;
  // `updates` may be filled until the agent runs.
  Inspector(const ManagedObjects* objects, const Updates* updates,
            std::string codec, WaitRoom* wait_room, Observers* observers);

  Description Describe() const;
  Statistics GetStatistics() const;

  // NotFound if there is no subtree with this root, FailedPrecondition if its
  // owner keeps it up to date; else see PeriodicUpdate::RunNow().
  UpdateRun RunUpdate(const Oid& root, absl::Duration limit,
                      const HasGone& has_gone);

  // Since the last update that brought the instances below `root`, which must
  // be that of a subtree.
  std::optional<absl::Duration> AgeOf(const Oid& root) const;

  std::unique_ptr<WatchQueue> NewWatch();

  // Of snmpd's requests, which observers hear of, and of guests'.
  RequestMonitor& peer() { return peer_; }
  RequestMonitor& guests() { return guests_; }

  void NoteError(const absl::Status& error);
  void GuestCame();
  void GuestLeft();

 private:
  // The update of the subtree with this root, or null.
  PeriodicUpdate* FindUpdate(const Oid& root) const;

  const ManagedObjects& objects_;
  const Updates& updates_;
  const std::string codec_;
  WaitRoom& wait_room_;
  Observers& observers_;
  const absl::Time started_;
  const absl::Duration begin_;

  RequestMonitor peer_;
  RequestMonitor guests_;
  RecentErrors errors_;
  std::atomic<uint64_t> guests_now_ = 0;
  std::atomic<uint64_t> guests_ever_ = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_INSPECTOR_H_
