// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/fd_transport.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "transport/posix/testing/fd_transport_peer.h"
#include "transport/testing/transport_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

using passpersist::FdTransport;
using Waiting = FdTransport::Waiting;

constexpr Waiting kBoth[] = {Waiting::kInterruptible, Waiting::kBlocking};

// More than the buffer of a pipe holds.
constexpr size_t kLargeSize = 4 << 20;

std::string LargeText() {
  std::string bytes;
  while (bytes.size() < kLargeSize) bytes += std::to_string(bytes.size());
  return bytes;
}

// Two pipes, one for each direction.
TransportPair ConnectPipes(Waiting waiting) {
  std::array<int, 2> to_peer;
  std::array<int, 2> from_peer;
  EXPECT_EQ(pipe2(to_peer.data(), O_CLOEXEC), 0);
  EXPECT_EQ(pipe2(from_peer.data(), O_CLOEXEC), 0);
  return {std::make_unique<FdTransport>(from_peer[0], to_peer[1], waiting),
          std::make_unique<FdTransport>(to_peer[0], from_peer[1])};
}

TransportPair ConnectSocket() {
  std::array<int, 2> ends;
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  return {std::make_unique<FdTransport>(ends[0], ends[0]),
          std::make_unique<FdTransport>(ends[1], ends[1])};
}

INSTANTIATE_TEST_SUITE_P(FdTransportOverPipes, TransportConformanceTest,
                         testing::Values(TransportUnderTest{[] {
                           return ConnectPipes(Waiting::kInterruptible);
                         }}));

INSTANTIATE_TEST_SUITE_P(BlockingFdTransport, TransportConformanceTest,
                         testing::Values(TransportUnderTest{
                             [] { return ConnectPipes(Waiting::kBlocking); },
                             /*shutdown_interrupts=*/false}));

INSTANTIATE_TEST_SUITE_P(FdTransportOverASocket, TransportConformanceTest,
                         testing::Values(TransportUnderTest{ConnectSocket}));

TEST(FdTransportTest, AWriteToAClosedPeerIsUnavailable) {
  for (const Waiting waiting : kBoth) {
    FdPeer peer(waiting);
    peer.CloseOutput();
    const absl::Status status = peer.transport().Write("PONG\n");
    EXPECT_EQ(status, absl::UnavailableError("the peer has closed its end"));
  }
}

TEST(FdTransportTest, LeavesAHandlerForSigpipeInPlace) {
  const auto handler = [](int) {};
  ASSERT_NE(signal(SIGPIPE, handler), SIG_ERR);
  FdPeer peer;
  EXPECT_EQ(signal(SIGPIPE, SIG_DFL), static_cast<void (*)(int)>(handler));
}

TEST(FdTransportTest, WakeEndsOneRead) {
  FdPeer peer;
  std::string buffer;
  peer.transport().Wake();
  EXPECT_EQ(peer.transport().Read(&buffer, absl::InfiniteDuration()).status(),
            absl::AbortedError("woken"));
  std::thread waker([&] { peer.transport().Wake(); });
  EXPECT_EQ(peer.transport().Read(&buffer, absl::InfiniteDuration()).status(),
            absl::AbortedError("woken"));
  waker.join();
  EXPECT_EQ(peer.transport().Read(&buffer, absl::ZeroDuration()).status(),
            absl::DeadlineExceededError("the peer was silent"));
}

// A Write() that waits clears the event of Wake(), but the next Read() returns.
TEST(FdTransportTest, AWriteDoesNotConsumeAWake) {
  const std::string bytes = LargeText();
  FdPeer peer;
  ASSERT_GT(fcntl(peer.output(), F_SETPIPE_SZ, 4096), 0);
  std::thread writer([&] { EXPECT_TRUE(peer.transport().Write(bytes).ok()); });
  peer.transport().Wake();
  EXPECT_EQ(peer.Receive(bytes.size()), bytes);
  writer.join();
  std::string buffer;
  EXPECT_EQ(peer.transport().Read(&buffer, absl::InfiniteDuration()).status(),
            absl::AbortedError("woken"));
}

TEST(FdTransportTest, ClosesItsDescriptors) {
  FdPeer peer;
  const int input = peer.input();
  peer.DestroyTransport();
  EXPECT_EQ(peer.Receive(1), "");
  EXPECT_EQ(fcntl(input, F_GETFD), -1);
}

TEST(FdTransportTest, ReportsADescriptorThatCannotBeRead) {
  const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  FdTransport transport(nothing, nothing, Waiting::kBlocking);
  std::string buffer;
  EXPECT_EQ(transport.Read(&buffer, absl::InfiniteDuration()).status(),
            absl::ErrnoToStatus(EBADF, "reading from the peer"));
}

TEST(FdTransportTest, WritesAllToADescriptorThatDoesNotBlock) {
  const std::string bytes = LargeText();
  for (const Waiting waiting : kBoth) {
    FdPeer peer(waiting);
    ASSERT_EQ(fcntl(peer.output(), F_SETFL, O_NONBLOCK), 0);
    ASSERT_GT(fcntl(peer.output(), F_SETPIPE_SZ, 4096), 0);
    std::thread writer(
        [&] { EXPECT_TRUE(peer.transport().Write(bytes).ok()); });
    peer.AwaitFullPipe();
    EXPECT_TRUE(peer.Receive(bytes.size()) == bytes);
    writer.join();
  }
}

TEST(FdTransportTest, WaitsOnADescriptorThatDoesNotBlock) {
  constexpr int kRounds = 200;
  for (const Waiting waiting : kBoth) {
    FdPeer peer(waiting);
    ASSERT_EQ(fcntl(peer.input(), F_SETFL, O_NONBLOCK), 0);
    std::atomic<int> reading = 0;
    std::thread sender([&] {
      for (int round = 1; round <= kRounds; ++round) {
        while (reading < round) std::this_thread::yield();
        peer.Send("x");
      }
    });
    std::string buffer;
    for (int round = 1; round <= kRounds; ++round) {
      reading = round;
      EXPECT_EQ(*peer.transport().Read(&buffer, absl::InfiniteDuration()), 1);
    }
    sender.join();
  }
}

}  // namespace
}  // namespace passpersist_testing
