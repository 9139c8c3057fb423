// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/request_metrics.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "absl/time/clock.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

// The bytes of a message may hold what an earlier message has set: a codec
// drops, at its next message, what it could not read of one.
void RemoveSecrets(const MibTree& objects, RequestEvent* event) {
  event->received.clear();
  event->sent.clear();
  const auto redact = [&](auto* bindings) {
    for (VarBind& binding : *bindings) {
      if (objects.IsSecret(binding.oid)) {
        binding.value = EmptyValueLike(binding.value);
      }
    }
  };
  Operation& operation = event->request->operation;
  if (auto* const set = std::get_if<Set>(&operation)) redact(&set->bindings);
  if (auto* const test = std::get_if<TestSet>(&operation)) {
    redact(&test->bindings);
  }
  for (ResponseVarBind& binding : event->response.bindings) {
    const Value* const value = std::get_if<Value>(&binding.value);
    if (value != nullptr && objects.IsSecret(binding.oid)) {
      binding.value = EmptyValueLike(*value);
    }
  }
}

}  // namespace

void RequestMetrics::Publish(RequestEvent event) {
  if (objects_.has_secrets()) {
    // Of a message without a request, only the bytes would be published.
    if (!event.request) return;
    RemoveSecrets(objects_, &event);
  }
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
