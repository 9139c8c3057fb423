// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_ERRORS_LOG_DEDUPLICATOR_H_
#define PASSPERSIST_AGENT_ERRORS_LOG_DEDUPLICATOR_H_

#include <cstddef>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace passpersist::internal {

// Decides which lines of a log are new, and which repeat a line of the last
// hour. Remembers at most kMaxLines lines, and forgets all when there are more.
//
// Used by one thread at a time.
class LogDeduplicator {
 public:
  static constexpr absl::Duration kInterval = absl::Hours(1);
  static constexpr size_t kMaxLines = 256;

  // True if no call within kInterval before `now` returned true for `line`.
  bool ShouldLog(absl::string_view line, absl::Duration now);

 private:
  absl::flat_hash_map<std::string, absl::Duration> last_logged_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_ERRORS_LOG_DEDUPLICATOR_H_
