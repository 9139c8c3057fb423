// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/private_snmpd.h"

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
#include "tools/e2e/snmpd/find_program.h"
#include "tools/process/testing/process_state.h"
#include "tools/process/testing/wait.h"
#include "tools/runfile.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Process;
using passpersist::tool::Subprocess;

constexpr int kMaxPorts = 50;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A random community. Another snmpd that got the port first doesn't answer it,
// so it is not taken for ours.
std::string NewCommunity() {
  std::random_device random;
  return absl::StrCat("test-", absl::Hex(random()), absl::Hex(random()));
}

// Returns a UDP port that was free at the time of the call.
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

// Returns the sanitizers' options with a path for their reports: sanitizers of
// agents write to files.
std::vector<std::string> SanitizerOptions(const std::string& directory) {
  std::vector<std::string> environment;
  for (const char* const name :
       {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    const char* const options = getenv(name);
    environment.push_back(absl::StrCat(name, "=",
                                       options == nullptr ? "" : options,
                                       ":log_path=", directory, "/sanitizer"));
  }
  return environment;
}

}  // namespace

PrivateSnmpd::PrivateSnmpd(std::string directory)
    : directory_(std::move(directory)), community_(NewCommunity()) {}

absl::StatusOr<std::unique_ptr<PrivateSnmpd>> PrivateSnmpd::Start(
    const Options& options) {
  const absl::StatusOr<std::string> program = FindProgram("snmpd", "snmpd");
  if (!program.ok()) return program.status();
  const absl::StatusOr<std::string> directory = MakeDirectory();
  if (!directory.ok()) return directory.status();
  std::unique_ptr<PrivateSnmpd> snmpd(new PrivateSnmpd(*directory));
  absl::Status status = snmpd->WriteConfiguration(options.lines);
  if (status.ok()) {
    status = snmpd->StartOnAnyPort(*program, options);
  }
  if (!status.ok()) return status;
  return snmpd;
}

PrivateSnmpd::~PrivateSnmpd() {
  Stop().IgnoreError();
  for (const Process& agent : agents_) agent.Signal(SIGKILL);
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::vector<Process> PrivateSnmpd::Agents() const {
  // After that, its pid may belong to another process.
  if (process_->Wait(absl::ZeroDuration())) return {};
  return RunningChildren(pid());
}

std::string PrivateSnmpd::Log() const {
  return ReadFile(absl::StrCat(directory_, "/snmpd.log"));
}

std::string PrivateSnmpd::SanitizerReport() const {
  for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
    if (absl::StartsWith(entry.path().filename().string(), "sanitizer")) {
      return ReadFile(entry.path().string());
    }
  }
  return "";
}

absl::Status PrivateSnmpd::Stop(absl::Duration limit) {
  if (process_ == nullptr || process_->Wait(absl::ZeroDuration())) {
    return absl::FailedPreconditionError("snmpd had already ended");
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
  std::ofstream file(absl::StrCat(directory_, "/snmpd.conf"));
  file << "rwcommunity " << community_ << " 127.0.0.1\n"
       << "dontLogTCPWrappersConnects yes\n"
       << absl::StrJoin(lines, "\n") << "\n";
  file.close();
  if (file.good()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat("can't write to ", directory_));
}

absl::Status PrivateSnmpd::StartOnAnyPort(const std::string& program,
                                          const Options& options) {
  absl::Status status;
  for (int i = 0; i < kMaxPorts; ++i) {
    absl::StatusOr<int> port = options.first_port;
    if (i > 0 || options.first_port == 0) port = FindPort();
    if (!port.ok()) return port.status();
    status = StartOnPort(program, *port, options);
    // AlreadyExists: another process got the port first.
    if (!absl::IsAlreadyExists(status)) return status;
  }
  return status;
}

absl::Status PrivateSnmpd::StartOnPort(const std::string& program, int port,
                                       const Options& options) {
  port_ = port;
  absl::StatusOr<SnmpClient> client =
      SnmpClient::Create({port, community_, directory_, options.base,
                          options.mib_modules, options.mib_directories});
  if (!client.ok()) return client.status();
  client_ = std::make_unique<SnmpClient>(*std::move(client));

  Subprocess::Options start;
  // -f: no daemon. -I -smux: no SMUX, which needs port 199. -C: no
  // configuration from /etc.
  start.command = {program,
                   "-f",
                   "-I",
                   "-smux",
                   "-C",
                   "-c",
                   absl::StrCat(directory_, "/snmpd.conf"),
                   "-Lf",
                   absl::StrCat(directory_, "/snmpd.log"),
                   absl::StrCat("udp:127.0.0.1:", port)};
  start.environment = SanitizerOptions(directory_);
  start.environment.push_back("MIBS=");
  start.environment.push_back(absl::StrCat("SNMPCONFPATH=", directory_));
  start.environment.push_back(
      absl::StrCat("SNMP_PERSISTENT_DIR=", directory_, "/persistent"));
  absl::StatusOr<std::unique_ptr<Subprocess>> process =
      Subprocess::Start(start);
  if (!process.ok()) return process.status();
  process_ = *std::move(process);

  const absl::Time deadline = absl::Now() + kTimeout;
  // A request that comes before snmpd is ready is lost.
  for (absl::Duration limit = absl::Milliseconds(20); absl::Now() < deadline;
       limit *= 1.5) {
    if (client_->IsAnswered(limit)) return absl::OkStatus();
    if (!process_->Wait(absl::ZeroDuration())) continue;
    const std::string log = Log();
    const std::string text =
        absl::StrCat("snmpd ended; its log: ", log, process_->standard_error());
    std::filesystem::remove(absl::StrCat(directory_, "/snmpd.log"));
    return absl::StrContains(log, "Error opening specified endpoint")
               ? absl::AlreadyExistsError(text)
               : absl::InternalError(text);
  }
  return absl::DeadlineExceededError(
      absl::StrCat("snmpd doesn't answer; its log: ", Log()));
}

std::string PassPersistLine(absl::string_view base, absl::string_view program,
                            const std::vector<std::string>& arguments) {
  std::string line = absl::StrCat(
      "pass_persist ", base, " ",
      absl::StartsWith(program, "/") ? std::string(program) : Runfile(program));
  for (const std::string& argument : arguments) {
    absl::StrAppend(&line, " ", argument);
  }
  return line;
}

absl::StatusOr<std::string> MakeDirectory() {
  const char* const parent = getenv("TEST_TMPDIR");
  return MakeDirectory(parent == nullptr ? "/tmp" : parent);
}

absl::StatusOr<std::string> MakeDirectory(absl::string_view parent) {
  // mkdtemp(3) replaces six 'X' by other letters.
  std::string directory = absl::StrCat(parent, "/snmpd.", std::string(6, 'X'));
  if (mkdtemp(&directory[0]) != nullptr) return directory;
  return absl::ErrnoToStatus(errno, directory);
}

}  // namespace passpersist_testing
