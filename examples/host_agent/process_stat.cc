// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/process_stat.h"

#include <cstddef>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace host_agent {
namespace {

// Positions of fields after the name, which is the second field of proc(5).
constexpr size_t kState = 0;
constexpr size_t kFlags = 6;
constexpr size_t kThreads = 17;
constexpr size_t kResidentPages = 21;

// PF_KTHREAD (Linux, include/linux/sched.h).
constexpr uint32_t kKernelThread = 0x00200000;

}  // namespace

std::optional<ProcessStat> ProcessStat::Parse(absl::string_view line) {
  const size_t begin = line.find('(');
  const size_t end = line.rfind(')');
  if (begin == absl::string_view::npos || end == absl::string_view::npos ||
      end < begin) {
    return std::nullopt;
  }
  const std::vector<absl::string_view> fields =
      absl::StrSplit(line.substr(end + 1), ' ', absl::SkipEmpty());
  ProcessStat stat;
  uint32_t flags;
  if (fields.size() <= kResidentPages || fields[kState].size() != 1 ||
      !absl::SimpleAtoi(fields[kFlags], &flags) ||
      !absl::SimpleAtoi(fields[kThreads], &stat.threads) ||
      !absl::SimpleAtoi(fields[kResidentPages], &stat.resident_pages)) {
    return std::nullopt;
  }
  stat.name = std::string(line.substr(begin + 1, end - begin - 1));
  stat.state = fields[kState][0];
  stat.is_kernel_thread = (flags & kKernelThread) != 0;
  return stat;
}

}  // namespace host_agent
