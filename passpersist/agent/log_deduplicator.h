// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_LOG_DEDUPLICATOR_H_
#define PASSPERSIST_AGENT_LOG_DEDUPLICATOR_H_

#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace passpersist::internal {

// Tells which lines of a log are new, and which repeat one of the last hour.
// Remembers at most kMaxLines of them, and forgets all when there are more.
//
// Used by one thread at a time.
class LogDeduplicator {
 public:
  static constexpr absl::Duration kSilence = absl::Hours(1);
  static constexpr size_t kMaxLines = 256;

  // True if `line` was not let pass within kSilence before `now`.
  bool ShouldLog(absl::string_view line, absl::Duration now);

 private:
  absl::flat_hash_map<std::string, absl::Duration> passed_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_LOG_DEDUPLICATOR_H_
