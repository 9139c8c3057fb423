// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/process_sys_up_time.h"

#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"

namespace passpersist {
namespace {

// More than a chain of shells and wrappers has. Processes that end and process
// numbers that are used again could make a circle.
constexpr int kMaxAncestors = 64;

// What a file /proc/PID/stat says.
struct ProcessStat {
  std::string name;
  pid_t parent = 0;
  absl::Duration start;  // since the boot
};

//   1 (name) S 4 5 ...   The fields have the numbers of proc(5). The name may
//   | |      | |         hold blanks and parentheses; the other fields do not.
//   | |      | parent
//   | |      state
//   pid name
absl::StatusOr<ProcessStat> ReadStat(const std::string& directory) {
  constexpr size_t kParent = 4;
  constexpr size_t kStartTime = 22;
  const std::string file = absl::StrCat(directory, "/stat");
  std::ifstream stream(file);
  if (!stream) {
    return absl::NotFoundError(absl::StrCat(file, " cannot be read"));
  }
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const size_t begin = text.find('(');
  const size_t end = text.rfind(')');
  if (begin < end && end != std::string::npos) {
    const std::vector<absl::string_view> fields = absl::StrSplit(
        absl::string_view(text).substr(end + 1), ' ', absl::SkipEmpty());
    constexpr size_t kFirst = 3;  // after the name
    ProcessStat stat;
    uint64_t ticks = 0;
    if (fields.size() > kStartTime - kFirst &&
        absl::SimpleAtoi(fields[kParent - kFirst], &stat.parent) &&
        absl::SimpleAtoi(fields[kStartTime - kFirst], &ticks)) {
      stat.name = text.substr(begin + 1, end - begin - 1);
      stat.start = absl::Seconds(1) * static_cast<double>(ticks) /
                   static_cast<double>(sysconf(_SC_CLK_TCK));
      return stat;
    }
  }
  return absl::DataLossError(absl::StrCat(file, " has an unknown form"));
}

absl::StatusOr<absl::Duration> FindStart(
    const ProcessSysUpTimeOptions& options) {
  const auto read = [&](pid_t pid) {
    return ReadStat(absl::StrCat(options.proc, "/", pid));
  };
  if (options.pid != 0) {
    const absl::StatusOr<ProcessStat> named = read(options.pid);
    if (!named.ok()) return named.status();
    return named->start;
  }
  absl::StatusOr<ProcessStat> process =
      ReadStat(absl::StrCat(options.proc, "/self"));
  if (!process.ok()) return process.status();
  if (process->parent == 0) {
    return absl::NotFoundError("this process has no visible parent");
  }
  absl::Duration start_of_parent;
  for (int i = 0; i < kMaxAncestors && process->parent != 0; ++i) {
    process = read(process->parent);
    // The hidden process may be snmpd.
    if (!process.ok()) return process.status();
    if (process->name == "snmpd") return process->start;
    if (i == 0) start_of_parent = process->start;
  }
  return start_of_parent;
}

}  // namespace

ProcessSysUpTime::ProcessSysUpTime(const ProcessSysUpTimeOptions& options)
    : start_(FindStart(options)) {}

absl::StatusOr<absl::Time> ProcessSysUpTime::Zero() {
  if (!start_.ok()) return start_.status();
  // The clock of start times. The time of the boot in /proc/stat has whole
  // seconds only, and time namespaces shift both of these, but not that one.
  timespec since_boot;
  if (clock_gettime(CLOCK_BOOTTIME, &since_boot) != 0) {
    return absl::ErrnoToStatus(errno, "clock_gettime(CLOCK_BOOTTIME)");
  }
  return absl::Now() - (absl::DurationFromTimespec(since_boot) - *start_);
}

}  // namespace passpersist
