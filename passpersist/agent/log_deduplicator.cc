// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/log_deduplicator.h"

namespace passpersist::internal {

bool LogDeduplicator::ShouldLog(absl::string_view line, absl::Duration now) {
  const auto before = passed_.find(line);
  if (before != passed_.end()) {
    if (now - before->second < kSilence) return false;
    before->second = now;
    return true;
  }
  if (passed_.size() == kMaxLines) passed_.clear();
  passed_.emplace(line, now);
  return true;
}

}  // namespace passpersist::internal
