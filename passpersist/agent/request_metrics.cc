// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/request_metrics.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/value.h"

namespace passpersist::internal {

void RequestMetrics::Publish(RequestEvent event) {
  observers_->Publish({absl::Now(), std::move(event)});
}

void RequestMetrics::Count(const Request& request, const Response& response,
                           absl::Duration duration) {
  const auto absent = std::count_if(
      response.bindings.begin(), response.bindings.end(),
      [](const VarBind& binding) { return IsException(binding.value); });
  MutexLock lock(mutex_);
  Statistics::Requests& requests = counts_[request.operation.index()];
  ++requests.count;
  if (response.error != ErrorStatus::kNoError) ++requests.refused;
  requests.absent += static_cast<uint64_t>(absent);
  requests.latency.Add(duration);
}

Statistics::ByKind RequestMetrics::counts() const {
  MutexLock lock(mutex_);
  return counts_;
}

}  // namespace passpersist::internal
