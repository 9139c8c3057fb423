// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/unix_client.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "transport/posix/testing/unix_test_socket.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist_testing {
namespace {

using passpersist::ConnectUnix;
using passpersist::Transport;
using passpersist::transport_internal::ScopedFd;
using testing::StartsWith;

constexpr char kPath[] = "x.sock";

class ConnectUnixTest : public testing::Test {
 protected:
  ScopedTempDir directory_;
};

TEST_F(ConnectUnixTest, ConnectsToTheListener) {
  const ScopedFd listener = ForeignSocket(kPath);
  const auto client = ConnectUnix(kPath);
  ASSERT_THAT(client, IsOk());
  const ScopedFd server(accept(listener.get(), nullptr, nullptr));
  EXPECT_EQ(write(server.get(), "hello", 5), 5);
  std::string received;
  EXPECT_EQ(*(*client)->Read(&received, absl::InfiniteDuration()), 5);
  EXPECT_EQ(received, "hello");
  EXPECT_THAT((*client)->Write("bye"), IsOk());
  std::string sent(3, '\0');
  EXPECT_EQ(read(server.get(), sent.data(), sent.size()), 3);
  EXPECT_EQ(sent, "bye");
}

TEST_F(ConnectUnixTest, ReportsAMissingFile) {
  for (const std::string path : {"x.sock", "absent/x.sock"}) {
    EXPECT_THAT(ConnectUnix(path),
                StatusIs(absl::StatusCode::kNotFound,
                         "no agent listens at " + path +
                             ": no such file (has it been started, with that "
                             "path?)"));
  }
}

TEST_F(ConnectUnixTest, ReportsThatTheAgentHasEnded) {
  MakeStaleSocket(kPath);
  EXPECT_THAT(ConnectUnix(kPath),
              StatusIs(absl::StatusCode::kUnavailable,
                       "no agent listens at x.sock: connection refused (it has "
                       "ended)"));
}

TEST_F(ConnectUnixTest, ReportsAFileThatIsNotASocket) {
  std::ofstream(kPath) << "text";
  EXPECT_THAT(ConnectUnix(kPath),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "no agent listens at x.sock: it is not a socket"));
  EXPECT_THAT(ConnectUnix("."),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "no agent listens at .: it is not a socket"));
}

TEST_F(ConnectUnixTest, ReportsASocketOfAnotherType) {
  const ScopedFd datagrams = ForeignSocket(kPath, SOCK_DGRAM);
  EXPECT_THAT(
      ConnectUnix(kPath),
      StatusIs(absl::StatusCode::kFailedPrecondition,
               "no agent listens at x.sock: it is a socket of another type"));
}

TEST_F(ConnectUnixTest, ReportsAPathThatIsNotValidForASocket) {
  EXPECT_THAT(ConnectUnix(std::string(108, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       StartsWith("path of 108 bytes is too long")));
}

TEST_F(ConnectUnixTest, DoesNotWaitWhenManyClientsWait) {
  const ScopedFd listener = ForeignSocket(kPath, SOCK_STREAM, /*backlog=*/1);
  std::vector<std::unique_ptr<Transport>> waiting;
  absl::StatusOr<std::unique_ptr<Transport>> client = ConnectUnix(kPath);
  for (; client.ok() && waiting.size() < 100; client = ConnectUnix(kPath)) {
    waiting.push_back(*std::move(client));
  }
  EXPECT_THAT(client, StatusIs(absl::StatusCode::kResourceExhausted,
                               "the agent at x.sock accepts no client at the "
                               "moment, and many wait"));
}

TEST_F(ConnectUnixTest, ReportsWhichUsersMayConnect) {
  if (!CanBeNobody()) GTEST_SKIP() << "only root can be another user";
  const ScopedFd listener = ForeignSocket(kPath);
  ASSERT_EQ(chmod(kPath, 0600), 0);
  EXPECT_TRUE(HoldsForNobody([] {
    const absl::Status status = ConnectUnix(kPath).status();
    return absl::IsPermissionDenied(status) &&
           status.message() ==
               "permission denied at x.sock: only the agent's own user and "
               "root may connect, unless the agent allows others";
  }));
}

}  // namespace
}  // namespace passpersist_testing
