// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_EVENT_QUEUE_H_
#define TRANSPORT_DEBUG_EVENT_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/observer.h"

namespace passpersist::transport_internal {

// Events in the order in which they happened.
struct Events {
  std::vector<Event> events;
  uint64_t lost = 0;  // events that were dropped before `events`
};

// Keeps the events since the last Take(). If Take() is not called often enough,
// the oldest events are lost: the agent never waits for the client that watches
// it.
//
// Safe for concurrent use.
class EventQueue : public Observer {
 public:
  static constexpr size_t kMaxEvents = 4096;
  static constexpr size_t kMaxBytes = 4 << 20;  // of the events, roughly

  void OnEvent(const Event& event) override;

  bool empty() const;

  // Takes the `max_events` oldest events, or fewer if there are fewer.
  Events Take(size_t max_events);

 private:
  struct Kept {
    Event event;
    size_t bytes;
  };

  mutable absl::Mutex mutex_;
  std::deque<Kept> events_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace passpersist::transport_internal

#endif  // TRANSPORT_DEBUG_EVENT_QUEUE_H_
