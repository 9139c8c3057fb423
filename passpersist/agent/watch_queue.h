// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_WATCH_QUEUE_H_
#define PASSPERSIST_AGENT_WATCH_QUEUE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/agent/interruptible_clock.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/inspection.h"
#include "passpersist/observer.h"

namespace passpersist::internal {

// Keeps the events since the last Take(). If Take() is not called often enough,
// the oldest events are lost: the agent never waits for the client that watches
// it.
//
// Safe for concurrent use.
class WatchQueue : public Observer {
 public:
  static constexpr size_t kMaxEvents = 4096;
  static constexpr size_t kMaxBytes = 4 << 20;  // of the events, roughly

  // Both must outlive this.
  WatchQueue(ObserverList* observers, InterruptibleClock* interruptible_clock);
  ~WatchQueue() override;

  void OnEvent(const Event& event) override;

  // Takes the `max_events` oldest events. If there are none, waits for the
  // first event, no longer than `wait` and only while `has_gone` is false. Used
  // by one thread at a time.
  Events Take(size_t max_events, absl::Duration wait,
              const HasGone& has_gone = nullptr);

 private:
  struct Kept {
    Event event;
    size_t bytes;
  };

  ObserverList& observers_;
  InterruptibleClock& interruptible_clock_;
  std::atomic<bool> wake_ = false;  // true if there are events
  absl::Mutex mutex_;
  std::deque<Kept> events_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_WATCH_QUEUE_H_
