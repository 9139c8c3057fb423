// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/errors/log_deduplicator.h"

namespace passpersist::internal {

bool LogDeduplicator::ShouldLog(absl::string_view line, absl::Duration now) {
  const auto previous = last_logged_.find(line);
  if (previous != last_logged_.end()) {
    if (now - previous->second < kInterval) return false;
    previous->second = now;
    return true;
  }
  if (last_logged_.size() == kMaxLines) last_logged_.clear();
  last_logged_.emplace(line, now);
  return true;
}

}  // namespace passpersist::internal
