// SPDX-License-Identifier: Apache-2.0
//
// Whom a UnixListener lets in.

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "transport/posix/testing/unix_test_socket.h"
#include "transport/posix/unix_listener.h"
#include "transport/posix/unix_listener_fixture.h"

namespace passpersist_testing {
namespace {

using passpersist::ConnectUnix;
using passpersist::PeerUid;
using passpersist::Transport;
using passpersist::UnixListener;
using passpersist::UnixListenerOptions;
using passpersist::transport_internal::ScopedFd;

constexpr uid_t kStranger = 12345;

// The descriptors of this process.
std::set<int> OpenDescriptors() {
  std::set<int> fds;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/self/fd")) {
    fds.insert(std::atoi(entry.path().filename().c_str()));
  }
  // The one that read the folder is closed by now.
  for (auto fd = fds.begin(); fd != fds.end();) {
    fd = fcntl(*fd, F_GETFD) < 0 ? fds.erase(fd) : std::next(fd);
  }
  return fds;
}

TEST_F(UnixListenerTest, RejectsClientsOverTheMaximumUntilOneDisconnects) {
  UnixListenerOptions options;
  options.max_clients = 2;
  const auto listener = UnixListener::Listen(kPath, options);
  const auto first = Connect();
  auto first_guest = Accept(listener.get());
  const auto second = Connect();
  const auto second_guest = Accept(listener.get());

  const auto third = Connect();
  absl::StatusOr<std::unique_ptr<Transport>> next;
  std::thread accepter([&] { next = listener->Accept(); });
  EXPECT_EQ(Receive(third.get()), "");
  first_guest.reset();
  const auto fourth = Connect();
  accepter.join();
  ASSERT_THAT(next, IsOk());
  ASSERT_THAT(fourth->Write("in"), IsOk());
  EXPECT_EQ(Receive(next->get()), "in");
  EXPECT_EQ(Receive(first.get()), "");
}

TEST_F(UnixListenerTest, ClientsThatOutliveTheListenerCount) {
  auto listener = UnixListener::Listen(kPath);
  const auto client = Connect();
  auto guest = Accept(listener.get());
  listener.reset();
  guest.reset();
  EXPECT_EQ(Receive(client.get()), "");
}

TEST_F(UnixListenerTest, KnowsTheUserOfAClient) {
  std::array<int, 2> ends;
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const ScopedFd here(ends[0]);
  const ScopedFd there(ends[1]);
  EXPECT_EQ(*PeerUid(here.get()), geteuid());
  EXPECT_FALSE(PeerUid(-1).ok());
}

TEST_F(UnixListenerTest, AcceptsItsUserRootAndAllowedUsers) {
  for (const uid_t uid : {geteuid(), uid_t{0}, kStranger}) {
    UnixListenerOptions options;
    options.allowed_uids = {1, kStranger};
    options.peer_uid = [uid](int) { return uid; };
    const auto listener = UnixListener::Listen(kPath, options);
    const auto client = Connect();
    EXPECT_NE(Accept(listener.get()), nullptr);
  }
}

TEST_F(UnixListenerTest, RejectsAnUnauthorizedUserAndAcceptsTheNext) {
  std::vector<absl::StatusOr<uid_t>> uids = {
      kStranger, absl::InternalError("nobody knows"), geteuid()};
  UnixListenerOptions options;
  options.allowed_uids = {1};
  options.peer_uid = [&, next = 0](int) mutable { return uids[next++]; };
  const auto listener = UnixListener::Listen(kPath, options);
  const auto stranger = Connect();
  const auto unknown = Connect();
  const auto own = Connect();
  const auto guest = Accept(listener.get());
  EXPECT_EQ(Receive(stranger.get()), "");
  EXPECT_EQ(Receive(unknown.get()), "");
  ASSERT_THAT(guest->Write("you"), IsOk());
  EXPECT_EQ(Receive(own.get()), "you");
}

TEST_F(UnixListenerTest, RejectsARealUnauthorizedUser) {
  if (!CanBeNobody()) GTEST_SKIP() << "only root can be another user";
  UnixListenerOptions options;
  options.allowed_uids = {1};
  const auto listener = UnixListener::Listen(kPath, options);
  std::thread accepter(
      [&] { EXPECT_TRUE(absl::IsCancelled(listener->Accept().status())); });
  EXPECT_TRUE(HoldsForNobody([] {
    const auto client = ConnectUnix(kPath);
    return client.ok() && Receive(client->get()).empty();
  }));
  listener->Shutdown();
  accepter.join();
}

TEST_F(UnixListenerTest, AnotherUserCannotConnectWithoutAllowedUids) {
  if (!CanBeNobody()) GTEST_SKIP() << "only root can be another user";
  const auto listener = UnixListener::Listen(kPath);
  EXPECT_TRUE(HoldsForNobody(
      [] { return absl::IsPermissionDenied(ConnectUnix(kPath).status()); }));
}

TEST_F(UnixListenerTest, ChildrenInheritNothing) {
  const std::set<int> before = OpenDescriptors();
  const auto listener = UnixListener::Listen(kPath);
  const auto client = Connect();
  const auto guest = Accept(listener.get());
  const std::set<int> after = OpenDescriptors();
  // The lock, the door, both ends, and an eventfd of each of the three.
  EXPECT_EQ(after.size(), before.size() + 7);
  for (const int fd : after) {
    if (before.count(fd) > 0) continue;
    EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC) << "descriptor " << fd;
  }
}

// Lets no more descriptors be opened as long as it exists, but the next `spare`
// ones.
class NoMoreDescriptors {
 public:
  explicit NoMoreDescriptors(int spare = 0) {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &former_), 0);
    const ScopedFd next(open("/dev/null", O_RDONLY | O_CLOEXEC));
    rlimit none = former_;
    none.rlim_cur = next.get() + spare;
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoMoreDescriptors() { EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &former_), 0); }

 private:
  rlimit former_;
};

// The processor time that the calling thread has taken.
absl::Duration ThreadTime() {
  timespec time = {};
  EXPECT_EQ(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time), 0);
  return absl::DurationFromTimespec(time);
}

// Accepts two clients on a thread of its own, the second of them in want of
// descriptors. With the first the sanitizers have looked at everything, which
// takes them descriptors.
struct HungryAccepter {
  explicit HungryAccepter(UnixListener* listener)
      : thread([this, listener] {
          first = listener->Accept();
          warm.Notify();
          hungry.WaitForNotification();
          const absl::Duration begin = ThreadTime();
          second = listener->Accept();
          time_taken = ThreadTime() - begin;
          done.Notify();
        }) {
    warm.WaitForNotification();
  }

  absl::Notification warm, hungry, done;
  absl::StatusOr<std::unique_ptr<Transport>> first, second;
  absl::Duration time_taken;
  std::thread thread;
};

TEST_F(UnixListenerTest, WaitsUntilDescriptorsAreAvailable) {
  const auto listener = UnixListener::Listen(kPath);
  const auto one = Connect();
  const auto other = Connect();
  HungryAccepter accepter(listener.get());
  {
    const NoMoreDescriptors no_more;
    accepter.hungry.Notify();
    EXPECT_FALSE(
        accepter.done.WaitForNotificationWithTimeout(absl::Milliseconds(400)));
  }
  accepter.thread.join();
  EXPECT_LT(accepter.time_taken, absl::Milliseconds(50));
  ASSERT_THAT(accepter.second, IsOk());
  ASSERT_THAT((*accepter.second)->Write("late"), IsOk());
  EXPECT_EQ(Receive(other.get()), "late");
}

TEST_F(UnixListenerTest, ShutdownInterruptsTheWaitForDescriptors) {
  const auto listener = UnixListener::Listen(kPath);
  const auto one = Connect();
  const auto other = Connect();
  HungryAccepter accepter(listener.get());
  {
    const NoMoreDescriptors no_more;
    accepter.hungry.Notify();
    listener->Shutdown();
    accepter.thread.join();
  }
  EXPECT_TRUE(absl::IsCancelled(accepter.second.status()));
}

TEST_F(UnixListenerTest, AClientThatTakesTheLastDescriptorDelaysNoShutdown) {
  const auto listener = UnixListener::Listen(kPath);
  const auto one = Connect();
  const auto other = Connect();
  HungryAccepter accepter(listener.get());
  {
    const NoMoreDescriptors no_more(/*spare=*/1);
    accepter.hungry.Notify();
    accepter.thread.join();
  }
  ASSERT_THAT(accepter.second, IsOk());
  Transport& guest = **accepter.second;
  std::thread reader([&] {
    std::string heard;
    EXPECT_TRUE(absl::IsCancelled(
        guest.Read(&heard, absl::InfiniteDuration()).status()));
  });
  guest.Shutdown();
  reader.join();
  EXPECT_EQ(Receive(other.get()), "");
}

}  // namespace
}  // namespace passpersist_testing
