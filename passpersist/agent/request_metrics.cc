// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/request_metrics.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/time/clock.h"
#include "passpersist/value.h"

namespace passpersist::internal {

void RequestMetrics::Publish(RequestEvent event) {
  observers_->Publish({absl::Now(), std::move(event)});
}

void RequestMetrics::Count(const Request& request, const Response& response,
                           Nanoseconds duration) {
  const auto absent =
      std::count_if(response.bindings.begin(), response.bindings.end(),
                    [](const ResponseVarBind& binding) {
                      return IsException(binding.value);
                    });
  Counters& counters = counters_[request.operation.index()];
  counters.count.Add(1);
  if (response.error != ErrorStatus::kNoError) counters.refused.Add(1);
  if (absent > 0) counters.absent.Add(static_cast<uint64_t>(absent));
  counters.latency.AddNanoseconds(duration.count());
}

Statistics::ByKind RequestMetrics::GetCounts() const {
  Statistics::ByKind counts;
  for (size_t kind = 0; kind < counts.size(); ++kind) {
    counts[kind].count = counters_[kind].count.value();
    counts[kind].refused = counters_[kind].refused.value();
    counts[kind].absent = counters_[kind].absent.value();
    counts[kind].latency = counters_[kind].latency;
  }
  return counts;
}

}  // namespace passpersist::internal
