// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/private_snmpd.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <system_error>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "tools/e2e/wait.h"
#include "tools/runfile.h"

namespace passpersist_testing {
namespace {

constexpr int kMaxPorts = 50;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Nobody else's snmpd answers to it, so that one which got the port first isn't
// taken for ours.
std::string NewCommunity() {
  std::random_device random;
  return absl::StrCat("test-", absl::Hex(random()), absl::Hex(random()));
}

// A UDP port that was free a moment ago.
absl::StatusOr<int> FindPort() {
  const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  const bool found = descriptor >= 0 && bind(descriptor, generic, size) == 0 &&
                     getsockname(descriptor, generic, &size) == 0;
  const int number = errno;
  if (descriptor >= 0) close(descriptor);
  if (!found) return absl::ErrnoToStatus(number, "looking for a UDP port");
  return ntohs(address.sin_port);
}

// Lets the sanitizers of agents write to files, in addition to their options.
std::vector<std::string> SanitizerOptions(const std::string& folder) {
  std::vector<std::string> environment;
  for (const char* const name :
       {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    const char* const options = getenv(name);
    environment.push_back(absl::StrCat(name, "=",
                                       options == nullptr ? "" : options,
                                       ":log_path=", folder, "/sanitizer"));
  }
  return environment;
}

}  // namespace

PrivateSnmpd::PrivateSnmpd(std::string folder)
    : folder_(std::move(folder)), community_(NewCommunity()) {}

absl::StatusOr<std::unique_ptr<PrivateSnmpd>> PrivateSnmpd::Start(
    const Options& options) {
  const absl::StatusOr<std::string> program = FindProgram("snmpd", "snmpd");
  if (!program.ok()) return program.status();
  const absl::StatusOr<std::string> folder = MakeFolder();
  if (!folder.ok()) return folder.status();
  std::unique_ptr<PrivateSnmpd> snmpd(new PrivateSnmpd(*folder));
  absl::Status status = snmpd->WriteConfiguration(options.lines);
  if (status.ok()) {
    status = snmpd->StartOnAnyPort(*program, options.first_port);
  }
  if (!status.ok()) return status;
  return snmpd;
}

PrivateSnmpd::~PrivateSnmpd() {
  Stop().IgnoreError();
  for (const Process& agent : agents_) agent.Signal(SIGKILL);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::vector<Process> PrivateSnmpd::Agents() const {
  // Its number may be somebody else's by then.
  if (process_->Wait(absl::ZeroDuration())) return {};
  return RunningChildren(pid());
}

std::string PrivateSnmpd::Log() const {
  return ReadFile(absl::StrCat(folder_, "/snmpd.log"));
}

std::string PrivateSnmpd::SanitizerReport() const {
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (absl::StartsWith(entry.path().filename().string(), "sanitizer")) {
      return ReadFile(entry.path().string());
    }
  }
  return "";
}

absl::Status PrivateSnmpd::Stop(absl::Duration limit) {
  if (process_ == nullptr || process_->Wait(absl::ZeroDuration())) {
    return absl::FailedPreconditionError("snmpd had ended before");
  }
  agents_ = Agents();
  process_->Signal(SIGTERM);
  const std::optional<int> exit_status = process_->Wait(limit);
  if (!exit_status) Kill();
  if (exit_status == 0) return absl::OkStatus();
  return absl::InternalError(
      exit_status ? absl::StrCat("snmpd ended with status ", *exit_status)
                  : "snmpd didn't hear SIGTERM");
}

void PrivateSnmpd::Kill() {
  if (process_->Wait(absl::ZeroDuration())) return;
  agents_ = Agents();
  process_->Signal(SIGKILL);
  process_->Wait(absl::InfiniteDuration());
}

absl::Status PrivateSnmpd::WriteConfiguration(
    const std::vector<std::string>& lines) {
  std::ofstream file(absl::StrCat(folder_, "/snmpd.conf"));
  file << "rwcommunity " << community_ << " 127.0.0.1\n"
       << "dontLogTCPWrappersConnects yes\n"
       << absl::StrJoin(lines, "\n") << "\n";
  file.close();
  if (file.good()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("can't write to ", folder_));
}

absl::Status PrivateSnmpd::StartOnAnyPort(const std::string& program,
                                          int first_port) {
  absl::Status status;
  for (int i = 0; i < kMaxPorts; ++i) {
    absl::StatusOr<int> port = first_port;
    if (i > 0 || first_port == 0) port = FindPort();
    if (!port.ok()) return port.status();
    status = StartOnPort(program, *port);
    // AlreadyExists: somebody else was quicker.
    if (!absl::IsAlreadyExists(status)) return status;
  }
  return status;
}

absl::Status PrivateSnmpd::StartOnPort(const std::string& program, int port) {
  port_ = port;
  absl::StatusOr<SnmpClient> client =
      SnmpClient::Create(port, community_, folder_);
  if (!client.ok()) return client.status();
  client_ = std::make_unique<SnmpClient>(*std::move(client));

  Subprocess::Options start;
  // -f: no daemon. -I -smux: or it wants port 199. -C: nothing from /etc.
  start.command = {program,
                   "-f",
                   "-I",
                   "-smux",
                   "-C",
                   "-c",
                   absl::StrCat(folder_, "/snmpd.conf"),
                   "-Lf",
                   absl::StrCat(folder_, "/snmpd.log"),
                   absl::StrCat("udp:127.0.0.1:", port)};
  start.environment = SanitizerOptions(folder_);
  start.environment.push_back("MIBS=");
  start.environment.push_back(absl::StrCat("SNMPCONFPATH=", folder_));
  start.environment.push_back(
      absl::StrCat("SNMP_PERSISTENT_DIR=", folder_, "/persistent"));
  absl::StatusOr<std::unique_ptr<Subprocess>> process =
      Subprocess::Start(start);
  if (!process.ok()) return process.status();
  process_ = *std::move(process);

  const absl::Time deadline = absl::Now() + kPatience;
  // A request that comes before snmpd is ready is lost.
  for (absl::Duration limit = absl::Milliseconds(20); absl::Now() < deadline;
       limit *= 1.5) {
    if (client_->IsAnswered(limit)) return absl::OkStatus();
    if (!process_->Wait(absl::ZeroDuration())) continue;
    const std::string log = Log();
    const std::string text =
        absl::StrCat("snmpd ended; its log: ", log, process_->standard_error());
    std::filesystem::remove(absl::StrCat(folder_, "/snmpd.log"));
    return absl::StrContains(log, "Error opening specified endpoint")
               ? absl::AlreadyExistsError(text)
               : absl::InternalError(text);
  }
  return absl::DeadlineExceededError(
      absl::StrCat("snmpd doesn't answer; its log: ", Log()));
}

std::string AgentLine(absl::string_view base, absl::string_view program,
                      const std::vector<std::string>& arguments) {
  std::string line = absl::StrCat("pass_persist ", base, " ",
                                  Runfile(absl::StrCat("tools/e2e/", program)));
  for (const std::string& argument : arguments) {
    absl::StrAppend(&line, " ", argument);
  }
  return line;
}

absl::StatusOr<std::string> MakeFolder() {
  const char* const parent = getenv("TEST_TMPDIR");
  return MakeFolder(parent == nullptr ? "/tmp" : parent);
}

absl::StatusOr<std::string> MakeFolder(absl::string_view parent) {
  // mkdtemp(3) wants six of them to put something else in their place.
  std::string folder = absl::StrCat(parent, "/snmpd.", std::string(6, 'X'));
  if (mkdtemp(&folder[0]) != nullptr) return folder;
  return absl::ErrnoToStatus(errno, folder);
}

}  // namespace passpersist_testing
