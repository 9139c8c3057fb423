// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_OBSERVER_LIST_H_
#define PASSPERSIST_AGENT_OBSERVER_LIST_H_

#include <atomic>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/inspection.h"
#include "passpersist/observer.h"

namespace passpersist::internal {

// Those who are told what happens in an agent. Who has something to tell asks
// any() first: mostly nobody listens, and an event takes time to put together.
//
// Safe for concurrent use.
class ObserverList {
 public:
  bool any() const { return any_.load(std::memory_order_relaxed); }

  // `observer` must not be there yet.
  void Add(Observer* observer);

  // When it returns, `observer` is not being told and won't be any more.
  void Remove(Observer* observer);

  void Tell(const Event& event);

  // Flushes them. What there is to tell meanwhile waits.
  void Flush();

 private:
  std::atomic<bool> any_ = false;
  absl::Mutex mutex_;
  std::vector<Observer*> observers_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_OBSERVER_LIST_H_
