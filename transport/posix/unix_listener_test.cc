// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/unix_listener.h"

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/posix/testing/unix_listener_fixture.h"
#include "transport/posix/testing/unix_test_socket.h"
#include "transport/testing/scoped_temp_dir.h"
#include "transport/testing/transport_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

using passpersist::ConnectUnix;
using passpersist::UnixListener;
using passpersist::transport_internal::ScopedFd;

// Returns an accepted transport and its client.
TransportPair ConnectThroughListener() {
  const ScopedTempDir directory;
  const auto listener = UnixListener::Listen("conformance.sock");
  auto client = ConnectUnix("conformance.sock");
  auto accepted = listener->Accept();
  if (client.ok() && accepted.ok())
    return {*std::move(accepted), *std::move(client)};
  ADD_FAILURE() << client.status() << "; " << accepted.status();
  return {};
}

INSTANTIATE_TEST_SUITE_P(UnixListener, TransportConformanceTest,
                         testing::Values(TransportUnderTest{
                             ConnectThroughListener}));

TEST_F(UnixListenerTest, ConnectsAClient) {
  const auto listener = UnixListener::Listen(kPath);
  const auto client = Connect();
  const auto accepted = Accept(listener.get());
  ASSERT_THAT(client->Write("PING\n"), IsOk());
  EXPECT_EQ(Receive(accepted.get()), "PING\n");
  ASSERT_THAT(accepted->Write("PONG\n"), IsOk());
  EXPECT_EQ(Receive(client.get()), "PONG\n");
}

TEST_F(UnixListenerTest, ClientsConnectAndSendBeforeAccept) {
  const auto listener = UnixListener::Listen(kPath);
  const auto first = Connect();
  const auto second = Connect();
  ASSERT_THAT(first->Write("1"), IsOk());
  ASSERT_THAT(second->Write("2"), IsOk());
  EXPECT_EQ(Receive(Accept(listener.get()).get()), "1");
  EXPECT_EQ(Receive(Accept(listener.get()).get()), "2");
}

TEST_F(UnixListenerTest, ShutdownInterruptsABlockedAccept) {
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds; ++round) {
    const auto listener = UnixListener::Listen(kPath);
    std::thread acceptor([&] {
      EXPECT_THAT(listener->Accept(), StatusIs(absl::StatusCode::kCancelled,
                                               "the listener was shut down"));
    });
    if (round % 2 == 0) std::this_thread::yield();
    listener->Shutdown();
    acceptor.join();
  }
}

TEST_F(UnixListenerTest, ShutdownCancelsAllLaterAccepts) {
  const auto listener = UnixListener::Listen(kPath);
  const auto client = Connect();
  listener->Shutdown();
  listener->Shutdown();
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(absl::IsCancelled(listener->Accept().status()));
  }
}

TEST_F(UnixListenerTest, ShutdownKeepsAcceptedConnections) {
  auto listener = UnixListener::Listen(kPath);
  const auto client = Connect();
  const auto accepted = Accept(listener.get());
  listener->Shutdown();
  ASSERT_THAT(client->Write("still"), IsOk());
  EXPECT_EQ(Receive(accepted.get()), "still");
  listener.reset();
  ASSERT_THAT(accepted->Write("here"), IsOk());
  EXPECT_EQ(Receive(client.get()), "here");
}

TEST_F(UnixListenerTest, DestructionClosesWaitingConnections) {
  auto listener = UnixListener::Listen(kPath);
  const auto client = Connect();
  listener.reset();
  EXPECT_EQ(Receive(client.get()), "");
}

TEST_F(UnixListenerTest, NothingIsLeftAfterShutdownOrDestruction) {
  auto listener = UnixListener::Listen(kPath);
  EXPECT_FALSE(directory_.empty());
  listener->Shutdown();
  EXPECT_TRUE(directory_.empty());
  listener = UnixListener::Listen(kPath);
  EXPECT_FALSE(directory_.empty());
  listener.reset();
  EXPECT_TRUE(directory_.empty());
}

TEST_F(UnixListenerTest, LeavesASocketThatHasReplacedItsOwn) {
  auto listener = UnixListener::Listen(kPath);
  std::filesystem::remove(kPath);
  const ScopedFd other = ForeignSocket(kPath);
  listener.reset();
  EXPECT_NE(Connect(), nullptr);
}

TEST_F(UnixListenerTest, AnotherListenerCanListenAfterShutdown) {
  const auto first = UnixListener::Listen(kPath);
  first->Shutdown();
  auto next = UnixListener::Listen(kPath);
  const auto client = Connect();
  EXPECT_NE(Accept(next.get()), nullptr);
  EXPECT_TRUE(absl::IsCancelled(first->Accept().status()));
}

}  // namespace
}  // namespace passpersist_testing
