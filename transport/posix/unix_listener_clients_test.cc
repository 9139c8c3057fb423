// SPDX-License-Identifier: Apache-2.0
//
// Which clients a UnixListener accepts.

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
#include "transport/posix/testing/unix_listener_fixture.h"
#include "transport/posix/testing/unix_test_socket.h"
#include "transport/posix/unix_listener.h"

namespace passpersist_testing {
namespace {

using passpersist::ConnectUnix;
using passpersist::PeerUid;
using passpersist::Transport;
using passpersist::UnixListener;
using passpersist::UnixListenerOptions;
using passpersist::transport_internal::ScopedFd;

constexpr uid_t kOtherUid = 12345;

// The descriptors of this process.
std::set<int> OpenDescriptors() {
  std::set<int> fds;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/self/fd")) {
    fds.insert(std::atoi(entry.path().filename().c_str()));
  }
  // The descriptor that read the directory is closed by now.
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
  auto first_accepted = Accept(listener.get());
  const auto second = Connect();
  const auto second_accepted = Accept(listener.get());

  const auto third = Connect();
  absl::StatusOr<std::unique_ptr<Transport>> next;
  std::thread acceptor([&] { next = listener->Accept(); });
  EXPECT_EQ(Receive(third.get()), "");
  first_accepted.reset();
  const auto fourth = Connect();
  acceptor.join();
  ASSERT_THAT(next, IsOk());
  ASSERT_THAT(fourth->Write("in"), IsOk());
  EXPECT_EQ(Receive(next->get()), "in");
  EXPECT_EQ(Receive(first.get()), "");
}

TEST_F(UnixListenerTest, ClientsThatOutliveTheListenerCount) {
  auto listener = UnixListener::Listen(kPath);
  const auto client = Connect();
  auto accepted = Accept(listener.get());
  listener.reset();
  accepted.reset();
  EXPECT_EQ(Receive(client.get()), "");
}

TEST_F(UnixListenerTest, KnowsTheUserOfAClient) {
  std::array<int, 2> ends;
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  const ScopedFd end(ends[0]);
  const ScopedFd other_end(ends[1]);
  EXPECT_EQ(*PeerUid(end.get()), geteuid());
  EXPECT_FALSE(PeerUid(-1).ok());
}

TEST_F(UnixListenerTest, AcceptsItsUserRootAndAllowedUsers) {
  for (const uid_t uid : {geteuid(), uid_t{0}, kOtherUid}) {
    UnixListenerOptions options;
    options.allowed_uids = {1, kOtherUid};
    options.peer_uid = [uid](int) { return uid; };
    const auto listener = UnixListener::Listen(kPath, options);
    const auto client = Connect();
    EXPECT_NE(Accept(listener.get()), nullptr);
  }
}

TEST_F(UnixListenerTest, RejectsAnUnauthorizedUserAndAcceptsTheNext) {
  std::vector<absl::StatusOr<uid_t>> uids = {
      kOtherUid, absl::InternalError("unknown"), geteuid()};
  UnixListenerOptions options;
  options.allowed_uids = {1};
  options.peer_uid = [&, next = 0](int) mutable { return uids[next++]; };
  const auto listener = UnixListener::Listen(kPath, options);
  const auto other_user = Connect();
  const auto unknown = Connect();
  const auto own = Connect();
  const auto accepted = Accept(listener.get());
  EXPECT_EQ(Receive(other_user.get()), "");
  EXPECT_EQ(Receive(unknown.get()), "");
  ASSERT_THAT(accepted->Write("you"), IsOk());
  EXPECT_EQ(Receive(own.get()), "you");
}

TEST_F(UnixListenerTest, RejectsARealUnauthorizedUser) {
  if (!CanBeNobody()) GTEST_SKIP() << "only root can be another user";
  UnixListenerOptions options;
  options.allowed_uids = {1};
  const auto listener = UnixListener::Listen(kPath, options);
  std::thread acceptor(
      [&] { EXPECT_TRUE(absl::IsCancelled(listener->Accept().status())); });
  EXPECT_TRUE(HoldsForNobody([] {
    const auto client = ConnectUnix(kPath);
    return client.ok() && Receive(client->get()).empty();
  }));
  listener->Shutdown();
  acceptor.join();
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
  const auto accepted = Accept(listener.get());
  const std::set<int> after = OpenDescriptors();
  // The lock, the listening socket, both ends, and an eventfd each for the
  // listener and both ends.
  EXPECT_EQ(after.size(), before.size() + 7);
  for (const int fd : after) {
    if (before.count(fd) > 0) continue;
    EXPECT_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC) << "descriptor " << fd;
  }
}

// Allows only `spare` more descriptors to be opened during its lifetime.
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

// Returns the processor time that the calling thread has used.
absl::Duration ThreadTime() {
  timespec time = {};
  EXPECT_EQ(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time), 0);
  return absl::DurationFromTimespec(time);
}

// Accepts two clients on a thread of its own, the second with a lack of
// descriptors. The first Accept() lets the sanitizers initialize, for which
// they need descriptors.
struct StarvedAcceptor {
  explicit StarvedAcceptor(UnixListener* listener)
      : thread([this, listener] {
          first = listener->Accept();
          warm.Notify();
          starved.WaitForNotification();
          const absl::Duration begin = ThreadTime();
          second = listener->Accept();
          time_taken = ThreadTime() - begin;
          done.Notify();
        }) {
    warm.WaitForNotification();
  }

  absl::Notification warm, starved, done;
  absl::StatusOr<std::unique_ptr<Transport>> first, second;
  absl::Duration time_taken;
  std::thread thread;
};

TEST_F(UnixListenerTest, WaitsUntilDescriptorsAreAvailable) {
  const auto listener = UnixListener::Listen(kPath);
  const auto one = Connect();
  const auto other = Connect();
  StarvedAcceptor acceptor(listener.get());
  {
    const NoMoreDescriptors no_more;
    acceptor.starved.Notify();
    EXPECT_FALSE(
        acceptor.done.WaitForNotificationWithTimeout(absl::Milliseconds(400)));
  }
  acceptor.thread.join();
  EXPECT_LT(acceptor.time_taken, absl::Milliseconds(50));
  ASSERT_THAT(acceptor.second, IsOk());
  ASSERT_THAT((*acceptor.second)->Write("late"), IsOk());
  EXPECT_EQ(Receive(other.get()), "late");
}

TEST_F(UnixListenerTest, ShutdownInterruptsTheWaitForDescriptors) {
  const auto listener = UnixListener::Listen(kPath);
  const auto one = Connect();
  const auto other = Connect();
  StarvedAcceptor acceptor(listener.get());
  {
    const NoMoreDescriptors no_more;
    acceptor.starved.Notify();
    listener->Shutdown();
    acceptor.thread.join();
  }
  EXPECT_TRUE(absl::IsCancelled(acceptor.second.status()));
}

TEST_F(UnixListenerTest, AClientThatTakesTheLastDescriptorDelaysNoShutdown) {
  const auto listener = UnixListener::Listen(kPath);
  const auto one = Connect();
  const auto other = Connect();
  StarvedAcceptor acceptor(listener.get());
  {
    const NoMoreDescriptors no_more(/*spare=*/1);
    acceptor.starved.Notify();
    acceptor.thread.join();
  }
  ASSERT_THAT(acceptor.second, IsOk());
  Transport& accepted = **acceptor.second;
  std::thread reader([&] {
    std::string received;
    EXPECT_TRUE(absl::IsCancelled(
        accepted.Read(&received, absl::InfiniteDuration()).status()));
  });
  accepted.Shutdown();
  reader.join();
  EXPECT_EQ(Receive(other.get()), "");
}

}  // namespace
}  // namespace passpersist_testing
