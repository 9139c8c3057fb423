// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_MONITORING_AGENT_MONITOR_H_
#define PASSPERSIST_MONITORING_AGENT_MONITOR_H_

#include <atomic>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/observer.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist {

// A run of an update that was requested by AgentMonitor::StartUpdate().
//
// Safe for concurrent use.
class UpdateRun {
 public:
  // The result is `unfinished` until the run has ended.
  explicit UpdateRun(UpdateEvent unfinished) : result_(std::move(unfinished)) {}

  // Becomes true when the run has ended, and stays true. The agent then calls
  // Clock::Wake(), so a Clock::WaitUntil() can wait for the end.
  const std::atomic<bool>& ended() const { return ended_; }

  // Until the run has ended, the status of the result is DeadlineExceeded.
  UpdateEvent result() const;

  // Called by the agent.
  void End(UpdateEvent result);

 private:
  std::atomic<bool> ended_ = false;
  mutable absl::Mutex mutex_;
  UpdateEvent result_ ABSL_GUARDED_BY(mutex_);
};

// Describes and measures a running agent, runs its updates on request, and
// reports its events: for debugging tools, and for AddHealthSubtree().
//
// Belongs to an Agent and lives as long as it: see Agent::monitor().
//
// Safe for concurrent use.
class AgentMonitor {
 public:
  virtual ~AgentMonitor() = default;

  virtual Description Describe() const = 0;
  virtual Statistics GetStatistics() const = 0;

  // Describes the instance `oid` in the newest snapshot. Of an absent instance,
  // the result has only the root and the age of the subtree. If no subtree
  // encloses `oid`, the result is empty.
  virtual InstanceInfo GetInstanceInfo(const Oid& oid) const = 0;

  // Requests a run of the update of the subtree with this root, and does not
  // wait for the run. The result is that of a run that begins after this call:
  // a run in progress may have read its sources before. Must not be called by
  // an update. Never returns null. The status of the result is
  //
  //   NotFound            no subtree has this root
  //   FailedPrecondition  the subtree has no update: its owner keeps it up to
  //                       date; or Agent::Run() has not started the update
  //   any other           the status of the run
  virtual std::shared_ptr<const UpdateRun> StartUpdate(const Oid& root) = 0;

  // The same, and waits for the end of the run, but no longer than `timeout`:
  // the status is then DeadlineExceeded, and the run goes on. Must not be
  // called by an update or a setter: the run may wait for its caller.
  virtual UpdateEvent RunUpdate(const Oid& root, absl::Duration timeout) = 0;

  // Calls OnStart(), then reports every event that follows to `observer`, which
  // must live until RemoveObserver() returns or the agent is destroyed. Calls
  // its Flush() at the end of Agent::Run(). `observer` must not have been added
  // before.
  virtual void AddObserver(Observer* observer) = 0;

  // When this returns, no call of `observer` is running and none follows. Must
  // not be called by an observer.
  virtual void RemoveObserver(Observer* observer) = 0;
};

}  // namespace passpersist

#endif  // PASSPERSIST_MONITORING_AGENT_MONITOR_H_
