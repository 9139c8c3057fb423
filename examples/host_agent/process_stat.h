// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_PROCESS_STAT_H_
#define EXAMPLES_HOST_AGENT_PROCESS_STAT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace host_agent {

// The fields of a process in the line of /proc/<pid>/stat (proc(5)).
//
// A value type.
struct ProcessStat {
  std::string name;
  char state = '?';
  bool is_kernel_thread = false;
  uint32_t threads = 0;
  uint64_t resident_pages = 0;

  // Returns nullopt if the line cannot be parsed. The process chooses its name,
  // which may contain blanks, brackets and newlines; the name ends at the last
  // bracket.
  static std::optional<ProcessStat> Parse(absl::string_view line);
};

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_PROCESS_STAT_H_
