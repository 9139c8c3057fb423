// SPDX-License-Identifier: Apache-2.0

#include "tools/process/testing/process_state.h"

#include <dirent.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace passpersist_testing {

using passpersist::tool::Process;

namespace {

struct Stat {
  char state = 0;
  pid_t parent = 0;
};

// Empty if the process has ended.
std::optional<Stat> ReadStat(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::string text(1024, '\0');
  file.read(&text[0], text.size());
  text.resize(file.gcount());
  // "12 (any name) S 1 …"
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  Stat stat;
  std::istringstream(text.substr(name_end + 1)) >> stat.state >> stat.parent;
  return stat;
}

std::vector<pid_t> AllProcesses() {
  std::vector<pid_t> pids;
  DIR* const directory = opendir("/proc");
  if (directory == nullptr) return pids;
  while (const dirent* const entry = readdir(directory)) {
    pid_t pid = 0;
    if (absl::SimpleAtoi(entry->d_name, &pid)) pids.push_back(pid);
  }
  closedir(directory);
  std::sort(pids.begin(), pids.end());
  return pids;
}

}  // namespace

bool AwaitStop(const Process& process, absl::Duration limit) {
  return Eventually(
      [&] {
        const std::optional<Stat> stat = ReadStat(process.pid());
        return stat && stat->state == 'T';
      },
      limit);
}

std::vector<Process> RunningChildren(pid_t parent) {
  std::vector<Process> children;
  for (const pid_t pid : AllProcesses()) {
    const std::optional<Stat> stat = ReadStat(pid);
    if (!stat || stat->parent != parent || stat->state == 'Z') continue;
    absl::StatusOr<Process> child = Process::Open(pid);
    if (child.ok()) children.push_back(*std::move(child));
  }
  return children;
}

}  // namespace passpersist_testing
