// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/private_snmpd.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/process.h"
#include "tools/process/subprocess.h"
#include "tools/process/testing/process_state.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Process;
using passpersist::tool::Subprocess;
using testing::HasSubstr;
using testing::IsEmpty;

std::unique_ptr<PrivateSnmpd> Start(const PrivateSnmpd::Options& options) {
  absl::StatusOr<std::unique_ptr<PrivateSnmpd>> snmpd =
      PrivateSnmpd::Start(options);
  EXPECT_TRUE(snmpd.ok()) << snmpd.status();
  return snmpd.ok() ? *std::move(snmpd) : nullptr;
}

TEST(PrivateSnmpdTest, AnswersAndIsStopped) {
  const auto snmpd = Start({});
  ASSERT_NE(snmpd, nullptr);
  EXPECT_THAT(snmpd->Agents(), IsEmpty());
  EXPECT_TRUE(snmpd->client().IsAnswered(kTimeout));
  const absl::Status stopped = snmpd->Stop();
  EXPECT_TRUE(stopped.ok()) << stopped;
  EXPECT_FALSE(snmpd->Stop().ok());
}

TEST(PrivateSnmpdTest, SeveralRunAtOnce) {
  std::vector<std::unique_ptr<PrivateSnmpd>> snmpds;
  for (int i = 0; i < 3; ++i) {
    snmpds.push_back(Start({}));
    ASSERT_NE(snmpds.back(), nullptr);
  }
  snmpds[1].reset();
  EXPECT_TRUE(snmpds[0]->client().IsAnswered(kTimeout));
  EXPECT_TRUE(snmpds[2]->client().IsAnswered(kTimeout));
  EXPECT_NE(snmpds[0]->port(), snmpds[2]->port());
}

TEST(PrivateSnmpdTest, UsesAnotherPortIfTheFirstIsTaken) {
  const auto first = Start({});
  ASSERT_NE(first, nullptr);
  PrivateSnmpd::Options options;
  options.first_port = first->port();
  const auto second = Start(options);
  ASSERT_NE(second, nullptr);
  EXPECT_NE(second->port(), first->port());
  EXPECT_TRUE(first->client().IsAnswered(kTimeout));
}

TEST(PrivateSnmpdTest, RemovesItsDirectory) {
  auto snmpd = Start({});
  ASSERT_NE(snmpd, nullptr);
  const std::string directory = snmpd->directory();
  EXPECT_TRUE(std::filesystem::exists(directory));
  snmpd.reset();
  EXPECT_FALSE(std::filesystem::exists(directory));
}

// The agent stops while snmpd waits for it; a waiting snmpd ignores SIGTERM.
TEST(PrivateSnmpdTest, EndsAnSnmpdThatHangs) {
  const absl::StatusOr<std::string> directory = MakeDirectory();
  ASSERT_TRUE(directory.ok()) << directory.status();
  PrivateSnmpd::Options options;
  options.base = kPlaypen;
  options.lines = {AgentLine(kPlaypen, "faults/stopping_agent",
                             {absl::StrCat(*directory, "/file")})};
  auto snmpd = Start(options);
  ASSERT_NE(snmpd, nullptr);
  const std::unique_ptr<Subprocess> walk = snmpd->client().StartWalk("");
  ASSERT_TRUE(Eventually([&] { return !snmpd->Agents().empty(); }));
  const Process agent = snmpd->Agents()[0];
  ASSERT_TRUE(AwaitStop(agent));
  EXPECT_THAT(snmpd->Stop(absl::Milliseconds(100)).message(),
              HasSubstr("SIGTERM"));
  snmpd.reset();
  EXPECT_TRUE(agent.AwaitEnd(kTimeout));
  std::filesystem::remove_all(*directory);
}

}  // namespace
}  // namespace passpersist_testing
