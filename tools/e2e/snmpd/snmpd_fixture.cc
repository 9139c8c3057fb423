// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/snmpd_fixture.h"

#include <signal.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {

using passpersist::tool::Process;

SnmpdTest::SnmpdTest()
    : directory_(MakeDirectory().value_or("")),
      socket_directory_(MakeDirectory("/tmp").value_or("")) {}

SnmpdTest::~SnmpdTest() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
  std::filesystem::remove_all(socket_directory_, ignored);
}

void SnmpdTest::TearDown() {
  if (snmpd_ == nullptr) return;
  const absl::Status stopped = snmpd_->Stop();
  EXPECT_TRUE(snmpd_killed_ || stopped.ok()) << stopped;
  const std::string report = snmpd_->SanitizerReport();
  EXPECT_TRUE(report.empty()) << report;
  if (HasFailure()) std::fprintf(stderr, "%s", snmpd_->Log().c_str());
}

void SnmpdTest::StartSnmpd(const std::vector<std::string>& lines) {
  ASSERT_NE(directory_, "") << "TEST_TMPDIR is not a writable directory";
  ASSERT_NE(socket_directory_, "") << "/tmp is not a writable directory";
  options_.lines = lines;
  absl::StatusOr<std::unique_ptr<PrivateSnmpd>> started =
      PrivateSnmpd::Start(options_);
  ASSERT_TRUE(started.ok()) << started.status();
  snmpd_ = *std::move(started);
}

void SnmpdTest::StartSnmpd(
    const std::string& configuration,
    const std::vector<std::pair<std::string, std::string>>& paths) {
  std::vector<std::string> lines;
  std::ifstream file(Runfile(configuration));
  for (std::string line; std::getline(file, line);) {
    lines.push_back(absl::StrReplaceAll(line, paths));
  }
  ASSERT_FALSE(lines.empty()) << configuration << " is missing";
  StartSnmpd(lines);
}

std::string SnmpdTest::PathOf(const std::string& file) const {
  return absl::StrCat(directory_, "/", file);
}

std::string SnmpdTest::SocketPathOf(const std::string& socket) const {
  return absl::StrCat(socket_directory_, "/", socket);
}

Process SnmpdTest::Agent() const {
  const std::vector<Process> agents = snmpd_->Agents();
  EXPECT_EQ(agents.size(), 1u) << "agents run";
  return agents.empty() ? Process() : agents[0];
}

void SnmpdTest::KillAgent() {
  const Process agent = Agent();
  agent.Signal(SIGKILL);
  EXPECT_TRUE(agent.AwaitEnd(kTimeout));
}

void SnmpdTest::KillSnmpd() {
  snmpd_killed_ = true;
  snmpd_->Kill();
}

}  // namespace passpersist_testing
