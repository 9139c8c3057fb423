// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_REQUEST_METRICS_H_
#define PASSPERSIST_AGENT_REQUEST_METRICS_H_

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/inspection.h"
#include "passpersist/pdu.h"

namespace passpersist::internal {

// Counts the requests of one kind of connection, and publishes them to
// observers.
//
// Safe for concurrent use.
class RequestMetrics {
 public:
  // If `observers` is null nothing is published; else it must outlive this.
  explicit RequestMetrics(ObserverList* observers) : observers_(observers) {}

  // True if there is an observer. Required for Publish().
  bool IsObserved() const { return observers_ != nullptr && observers_->any(); }

  void Publish(RequestEvent event);

  void Count(const Request& request, const Response& response,
             absl::Duration duration);

  Statistics::ByKind counts() const;

 private:
  ObserverList* const observers_;
  mutable absl::Mutex mutex_;
  Statistics::ByKind counts_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_REQUEST_METRICS_H_
