#include "transport/fd_transport.h"

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
#include "passpersist/clock.h"
#include "transport/fd_transport_peer.h"

namespace passpersist_testing {
namespace {

using passpersist::FdTransport;
using passpersist::MonotonicClock;
using Waiting = FdTransport::Waiting;

constexpr Waiting kBoth[] = {Waiting::kInterruptible, Waiting::kBlocking};

// More than a pipe holds.
constexpr size_t kMuch = 4 << 20;

std::string Much() {
  std::string bytes;
  while (bytes.size() < kMuch) bytes += std::to_string(bytes.size());
  return bytes;
}

TEST(FdTransportTest, ReadsWhatThePeerWritesAndAppendsIt) {
  for (const Waiting waiting : kBoth) {
    FdPeer peer(waiting);
    std::string buffer = "before ";
    peer.Say("PING\n");
    EXPECT_EQ(*peer.transport().Read(&buffer, absl::InfiniteDuration()), 5);
    EXPECT_EQ(buffer, "before PING\n");
    peer.Say("get\n");
    peer.Say(".1\n");
    EXPECT_EQ(*peer.transport().Read(&buffer, absl::Seconds(60)), 7);
    EXPECT_EQ(buffer, "before PING\nget\n.1\n");
  }
}

TEST(FdTransportTest, WritesToThePeer) {
  for (const Waiting waiting : kBoth) {
    FdPeer peer(waiting);
    ASSERT_TRUE(peer.transport().Write("PONG\n").ok());
    EXPECT_EQ(peer.Hear(5), "PONG\n");
    ASSERT_TRUE(peer.transport().Write("").ok());
    ASSERT_TRUE(peer.transport().Write("NONE\n").ok());
    EXPECT_EQ(peer.Hear(5), "NONE\n");
  }
}

TEST(FdTransportTest, TakesInMuchThatWasWrittenAtOnce) {
  FdPeer peer;
  const std::string much = Much().substr(0, 60'000);
  peer.Say(much);
  std::string buffer;
  while (buffer.size() < much.size()) {
    ASSERT_TRUE(peer.transport().Read(&buffer, absl::InfiniteDuration()).ok());
  }
  EXPECT_EQ(buffer, much);
}

TEST(FdTransportTest, ReadsNothingAtTheEndOfInput) {
  for (const Waiting waiting : kBoth) {
    FdPeer peer(waiting);
    peer.Say("last");
    peer.StopSaying();
    std::string buffer;
    EXPECT_EQ(*peer.transport().Read(&buffer, absl::InfiniteDuration()), 4);
    EXPECT_EQ(*peer.transport().Read(&buffer, absl::InfiniteDuration()), 0);
    EXPECT_EQ(*peer.transport().Read(&buffer, absl::ZeroDuration()), 0);
    EXPECT_EQ(buffer, "last");
  }
}

TEST(FdTransportTest, SaysSoWhenThePeerIsSilentForTooLong) {
  const MonotonicClock clock;
  for (const Waiting waiting : kBoth) {
    FdPeer peer(waiting);
    std::string buffer = "before";
    const absl::Duration begin = clock.Now();
    EXPECT_TRUE(absl::IsDeadlineExceeded(
        peer.transport().Read(&buffer, absl::Milliseconds(20)).status()));
    EXPECT_GE(clock.Now() - begin, absl::Milliseconds(20));
    for (const absl::Duration none :
         {absl::ZeroDuration(), absl::Nanoseconds(1), -absl::Seconds(1),
          -absl::InfiniteDuration()}) {
      EXPECT_TRUE(absl::IsDeadlineExceeded(
          peer.transport().Read(&buffer, none).status()));
    }
    EXPECT_EQ(buffer, "before");
    peer.Say("!");
    EXPECT_EQ(*peer.transport().Read(&buffer, absl::ZeroDuration()), 1);
  }
}

TEST(FdTransportTest, WritingToAPeerThatHasGoneIsAnErrorAndNoSignal) {
  for (const Waiting waiting : kBoth) {
    ASSERT_NE(signal(SIGPIPE, SIG_DFL), SIG_ERR);
    FdPeer peer(waiting);
    peer.StopHearing();
    const absl::Status status = peer.transport().Write("PONG\n");
    EXPECT_EQ(status, absl::ErrnoToStatus(EPIPE, "writing to the peer"));
  }
}

TEST(FdTransportTest, LeavesAHandlerForSigpipeInPlace) {
  const auto handler = [](int) {};
  ASSERT_NE(signal(SIGPIPE, handler), SIG_ERR);
  FdPeer peer;
  EXPECT_EQ(signal(SIGPIPE, SIG_DFL), static_cast<void (*)(int)>(handler));
}

TEST(FdTransportTest, ClosesItsDescriptors) {
  FdPeer peer;
  const int input = peer.input();
  peer.DestroyTransport();
  EXPECT_EQ(peer.Hear(1), "");
  EXPECT_EQ(fcntl(input, F_GETFD), -1);
}

TEST(FdTransportTest, ReportsADescriptorThatCannotBeRead) {
  const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  FdTransport transport(nothing, nothing, Waiting::kBlocking);
  std::string buffer;
  EXPECT_EQ(transport.Read(&buffer, absl::InfiniteDuration()).status(),
            absl::ErrnoToStatus(EBADF, "reading from the peer"));
}

TEST(FdTransportTest, ConversesOverASocket) {
  std::array<int, 2> ends;
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  FdTransport a(ends[0], ends[0]);
  auto b = std::make_unique<FdTransport>(ends[1], ends[1]);
  std::string buffer;
  ASSERT_TRUE(a.Write("there").ok());
  EXPECT_EQ(*b->Read(&buffer, absl::InfiniteDuration()), 5);
  ASSERT_TRUE(b->Write(" and back").ok());
  EXPECT_EQ(*a.Read(&buffer, absl::InfiniteDuration()), 9);
  EXPECT_EQ(buffer, "there and back");
  b.reset();
  EXPECT_EQ(*a.Read(&buffer, absl::InfiniteDuration()), 0);
  EXPECT_FALSE(a.Write("x").ok());
}

TEST(FdTransportTest, WritesMoreThanAPipeHolds) {
  const std::string much = Much();
  for (const Waiting waiting : kBoth) {
    FdPeer peer(waiting);
    std::thread writer([&] { EXPECT_TRUE(peer.transport().Write(much).ok()); });
    EXPECT_TRUE(peer.Hear(much.size()) == much);
    writer.join();
  }
}

TEST(FdTransportTest, WritesAllToADescriptorThatDoesNotBlock) {
  const std::string much = Much();
  for (const Waiting waiting : kBoth) {
    FdPeer peer(waiting);
    ASSERT_EQ(fcntl(peer.output(), F_SETFL, O_NONBLOCK), 0);
    ASSERT_GT(fcntl(peer.output(), F_SETPIPE_SZ, 4096), 0);
    std::thread writer([&] { EXPECT_TRUE(peer.transport().Write(much).ok()); });
    peer.AwaitFullPipe();
    EXPECT_TRUE(peer.Hear(much.size()) == much);
    writer.join();
  }
}

TEST(FdTransportTest, WaitsOnADescriptorThatDoesNotBlock) {
  constexpr int kRounds = 200;
  for (const Waiting waiting : kBoth) {
    FdPeer peer(waiting);
    ASSERT_EQ(fcntl(peer.input(), F_SETFL, O_NONBLOCK), 0);
    std::atomic<int> reading = 0;
    std::thread sayer([&] {
      for (int round = 1; round <= kRounds; ++round) {
        while (reading < round) std::this_thread::yield();
        peer.Say("x");
      }
    });
    std::string buffer;
    for (int round = 1; round <= kRounds; ++round) {
      reading = round;
      EXPECT_EQ(*peer.transport().Read(&buffer, absl::InfiniteDuration()), 1);
    }
    sayer.join();
  }
}

}  // namespace
}  // namespace passpersist_testing
