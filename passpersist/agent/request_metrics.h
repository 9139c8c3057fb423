// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_REQUEST_METRICS_H_
#define PASSPERSIST_AGENT_REQUEST_METRICS_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <tuple>

#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/base/nanoseconds.h"
#include "passpersist/base/relaxed_counter.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/latency_histogram.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/pdu.h"

namespace passpersist::internal {

// Counts the requests of one kind of connection, and publishes them to
// observers, without the values of secret objects. Counting takes no lock, and
// an unobserved request does no further work.
//
// Safe for concurrent use.
class RequestMetrics {
 public:
  // If `observers` is null nothing is published. Both must outlive this.
  RequestMetrics(const MibTree* objects, ObserverList* observers)
      : objects_(*objects), observers_(observers) {}

  // True if there is an observer. Required for Publish().
  bool IsObserved() const { return observers_ != nullptr && observers_->any(); }

  // The flag that IsObserved() reads, or null if nothing is ever published.
  const std::atomic<bool>* observed_flag() const {
    return observers_ == nullptr ? nullptr : observers_->any_flag();
  }

  void Publish(RequestEvent event);

  void Count(const Request& request, const Response& response,
             Nanoseconds duration);

  // Counts a request that waited for user code until its deadline.
  void CountLate() { late_.Add(1); }

  Statistics::ByKind GetCounts() const;
  uint64_t late() const { return late_.value(); }

 private:
  // Statistics::Requests, while it is counted.
  struct Counters {
    RelaxedCounter count;
    RelaxedCounter refused;
    RelaxedCounter absent;
    LatencyHistogram latency;
  };

  const MibTree& objects_;
  ObserverList* const observers_;
  std::array<Counters, std::tuple_size_v<Statistics::ByKind>> counters_;
  RelaxedCounter late_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_REQUEST_METRICS_H_
