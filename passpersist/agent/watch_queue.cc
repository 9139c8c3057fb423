// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/watch_queue.h"

#include <utility>
#include <variant>

#include "passpersist/base/mutex_lock.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

// An estimate: counts the text of the messages and the values of the bindings.
size_t BytesOf(const Event& event) {
  size_t bytes = sizeof(Event);
  if (const RequestEvent* const request_event =
          std::get_if<RequestEvent>(&event.what)) {
    bytes += request_event->received.size() + request_event->sent.size();
    for (const VarBind& binding : request_event->response.bindings) {
      bytes += sizeof(VarBind);
      if (const auto* const octets = std::get_if<OctetString>(&binding.value)) {
        bytes += octets->bytes.size();
      }
    }
  }
  return bytes;
}

}  // namespace

WatchQueue::WatchQueue(ObserverList* observers,
                       InterruptibleClock* interruptible_clock)
    : observers_(*observers), interruptible_clock_(*interruptible_clock) {
  observers_.Add(this);
}

WatchQueue::~WatchQueue() { observers_.Remove(this); }

void WatchQueue::OnEvent(const Event& event) {
  {
    MutexLock lock(mutex_);
    events_.push_back({event, BytesOf(event)});
    bytes_ += events_.back().bytes;
    while (events_.size() > kMaxEvents ||
           (bytes_ > kMaxBytes && events_.size() > 1)) {
      bytes_ -= events_.front().bytes;
      events_.pop_front();
      ++lost_;
    }
    // Only the first event needs to wake the thread in Take().
    if (wake_.exchange(true)) return;
  }
  interruptible_clock_.Wake();
}

Events WatchQueue::Take(size_t max_events, absl::Duration wait,
                        const HasGone& has_gone) {
  interruptible_clock_.WaitUntil(interruptible_clock_.Now() + wait, &wake_,
                                 has_gone);
  Events taken;
  MutexLock lock(mutex_);
  while (!events_.empty() && taken.events.size() < max_events) {
    bytes_ -= events_.front().bytes;
    taken.events.push_back(std::move(events_.front().event));
    events_.pop_front();
  }
  taken.lost = std::exchange(lost_, 0);
  wake_ = !events_.empty();
  return taken;
}

}  // namespace passpersist::internal
