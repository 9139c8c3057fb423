// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_OBSERVER_LIST_H_
#define PASSPERSIST_AGENT_OBSERVER_LIST_H_

#include <atomic>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/observer.h"

namespace passpersist::internal {

// The observers of an agent. Callers check any() before they build an event:
// usually there is no observer, and building an event takes time.
//
// Safe for concurrent use.
class ObserverList {
 public:
  bool any() const { return any_.load(std::memory_order_relaxed); }
  // The flag that any() reads.
  const std::atomic<bool>* any_flag() const { return &any_; }

  // `observer` must not have been added yet.
  void Add(Observer* observer);

  // When this returns, no call of `observer` is running and none follows.
  void Remove(Observer* observer);

  void Publish(const Event& event);

  // Flushes all observers. Events that are published meanwhile wait.
  void Flush();

 private:
  std::atomic<bool> any_ = false;
  absl::Mutex mutex_;
  std::vector<Observer*> observers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_OBSERVER_LIST_H_
