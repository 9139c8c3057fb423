// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/event_queue.h"

#include <utility>
#include <variant>

#include "passpersist/base/mutex_lock.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist::transport_internal {
namespace {

// An estimate: counts the text of the messages and the values of the bindings.
size_t BytesOf(const Event& event) {
  size_t bytes = sizeof(Event);
  if (const RequestEvent* const request_event =
          std::get_if<RequestEvent>(&event.what)) {
    bytes += request_event->received.size() + request_event->sent.size();
    for (const ResponseVarBind& binding : request_event->response.bindings) {
      bytes += sizeof(VarBind);
      const Value* const value = std::get_if<Value>(&binding.value);
      if (value == nullptr) continue;
      if (const auto* const octets = std::get_if<OctetString>(value)) {
        bytes += octets->bytes.size();
      }
    }
  }
  return bytes;
}

}  // namespace

void EventQueue::OnEvent(const Event& event) {
  internal::MutexLock lock(mutex_);
  events_.push_back({event, BytesOf(event)});
  bytes_ += events_.back().bytes;
  // One event is kept whatever its size is.
  while (events_.size() > kMaxEvents ||
         (bytes_ > kMaxBytes && events_.size() > 1)) {
    bytes_ -= events_.front().bytes;
    events_.pop_front();
    ++lost_;
  }
}

bool EventQueue::empty() const {
  internal::MutexLock lock(mutex_);
  return events_.empty();
}

Events EventQueue::Take(size_t max_events) {
  Events taken;
  internal::MutexLock lock(mutex_);
  while (!events_.empty() && taken.events.size() < max_events) {
    bytes_ -= events_.front().bytes;
    taken.events.push_back(std::move(events_.front().event));
    events_.pop_front();
  }
  taken.lost = std::exchange(lost_, 0);
  return taken;
}

}  // namespace passpersist::transport_internal
