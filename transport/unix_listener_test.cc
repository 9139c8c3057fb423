#include "transport/unix_listener.h"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "transport/unix_listener_fixture.h"
#include "transport/unix_test_socket.h"

namespace passpersist_testing {
namespace {

using passpersist::Transport;
using passpersist::UnixListener;
using passpersist::internal::ScopedFd;
using passpersist::internal::UnixAddress;

TEST_F(UnixListenerTest, LetsAClientConverse) {
  const auto listener = UnixListener::At(kPath);
  const auto client = Connect();
  const auto guest = Accept(listener.get());
  ASSERT_THAT(client->Write("PING\n"), IsOk());
  EXPECT_EQ(Hear(guest.get()), "PING\n");
  ASSERT_THAT(guest->Write("PONG\n"), IsOk());
  EXPECT_EQ(Hear(client.get()), "PONG\n");
}

TEST_F(UnixListenerTest, ClientsConnectAndSpeakBeforeAnybodyAccepts) {
  const auto listener = UnixListener::At(kPath);
  const auto first = Connect();
  const auto second = Connect();
  ASSERT_THAT(first->Write("1"), IsOk());
  ASSERT_THAT(second->Write("2"), IsOk());
  EXPECT_EQ(Hear(Accept(listener.get()).get()), "1");
  EXPECT_EQ(Hear(Accept(listener.get()).get()), "2");
}

TEST_F(UnixListenerTest, ShutdownInterruptsAnAcceptThatWaits) {
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds; ++round) {
    const auto listener = UnixListener::At(kPath);
    std::thread accepter([&] {
      EXPECT_THAT(listener->Accept(), StatusIs(absl::StatusCode::kCancelled,
                                               "the side door was shut"));
    });
    if (round % 2 == 0) std::this_thread::yield();
    listener->Shutdown();
    accepter.join();
  }
}

TEST_F(UnixListenerTest, ShutdownCancelsEverythingFromThenOn) {
  const auto listener = UnixListener::At(kPath);
  const auto client = Connect();
  listener->Shutdown();
  listener->Shutdown();
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(absl::IsCancelled(listener->Accept().status()));
  }
}

TEST_F(UnixListenerTest, ShutdownLeavesTheAcceptedAlone) {
  auto listener = UnixListener::At(kPath);
  const auto client = Connect();
  const auto guest = Accept(listener.get());
  listener->Shutdown();
  ASSERT_THAT(client->Write("still"), IsOk());
  EXPECT_EQ(Hear(guest.get()), "still");
  listener.reset();
  ASSERT_THAT(guest->Write("here"), IsOk());
  EXPECT_EQ(Hear(client.get()), "here");
}

TEST_F(UnixListenerTest, DestructionHangsUpOnWhoWaits) {
  auto listener = UnixListener::At(kPath);
  const auto client = Connect();
  listener.reset();
  EXPECT_EQ(Hear(client.get()), "");
}

TEST_F(UnixListenerTest, NothingIsLeftAfterShutdownOrDestruction) {
  auto listener = UnixListener::At(kPath);
  EXPECT_FALSE(folder_.empty());
  listener->Shutdown();
  EXPECT_TRUE(folder_.empty());
  listener = UnixListener::At(kPath);
  EXPECT_FALSE(folder_.empty());
  listener.reset();
  EXPECT_TRUE(folder_.empty());
}

TEST_F(UnixListenerTest, ASocketThatSomebodyElsePutThereStays) {
  auto listener = UnixListener::At(kPath);
  std::filesystem::remove(kPath);
  const ScopedFd other = SocketOfSomebodyElse(kPath);
  listener.reset();
  EXPECT_NE(Connect(), nullptr);
}

TEST_F(UnixListenerTest, TheNextCanOpenTheDoorOnceItIsShut) {
  const auto first = UnixListener::At(kPath);
  first->Shutdown();
  auto next = UnixListener::At(kPath);
  const auto client = Connect();
  EXPECT_NE(Accept(next.get()), nullptr);
  EXPECT_TRUE(absl::IsCancelled(first->Accept().status()));
}

// The client takes in nothing, so its socket is full before all is written.
TEST_F(UnixListenerTest, APeerThatNeverReadsDelaysNoShutdown) {
  constexpr size_t kMuch = 8 << 20;
  const auto listener = UnixListener::At(kPath);
  const ScopedFd client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(
      connect(client.get(), UnixAddress::Of(kPath)->get(), UnixAddress::size()),
      0);
  const auto guest = Accept(listener.get());
  std::thread writer([&] {
    EXPECT_TRUE(absl::IsCancelled(guest->Write(std::string(kMuch, 'x'))));
  });
  for (int unread = 0, before = -1; unread == 0 || unread > before;) {
    before = unread;
    ASSERT_EQ(ioctl(client.get(), FIONREAD, &unread), 0);
    std::this_thread::yield();
  }
  guest->Shutdown();
  writer.join();
}

}  // namespace
}  // namespace passpersist_testing
