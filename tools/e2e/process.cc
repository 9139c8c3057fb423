// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/process.h"

#include <dirent.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace passpersist_testing {
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

Process::Process(pid_t pid, int descriptor)
    : pid_(pid), descriptor_(new int(descriptor), [](const int* open) {
        close(*open);
        delete open;
      }) {}

// Called by number, since glibc has these functions only from 2.36 on.
absl::StatusOr<Process> Process::Open(pid_t pid) {
  const long descriptor = syscall(SYS_pidfd_open, pid, 0);
  if (descriptor >= 0) return Process(pid, static_cast<int>(descriptor));
  return absl::ErrnoToStatus(errno, absl::StrCat("process ", pid));
}

void Process::Signal(int signal) const {
  if (descriptor_ == nullptr) return;
  syscall(SYS_pidfd_send_signal, *descriptor_, signal, nullptr, 0);
}

bool Process::AwaitEnd(absl::Duration limit) const {
  if (descriptor_ == nullptr) return true;
  return Eventually(
      [&] {
        pollfd ended = {*descriptor_, POLLIN, 0};
        return poll(&ended, 1, 0) == 1;
      },
      limit);
}

bool Process::AwaitStop(absl::Duration limit) const {
  return Eventually(
      [&] {
        const std::optional<Stat> stat = ReadStat(pid_);
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
