// SPDX-License-Identifier: Apache-2.0

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

#include <atomic>
#include <cstddef>
#include <string>
#include <thread>

#include "absl/base/config.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "transport/posix/fd_transport.h"
#include "transport/posix/testing/fd_transport_peer.h"

namespace passpersist_testing {
namespace {

using passpersist::FdTransport;
using Waiting = FdTransport::Waiting;

constexpr Waiting kBoth[] = {Waiting::kInterruptible, Waiting::kBlocking};

// More than the buffer of a pipe holds.
constexpr size_t kLargeSize = 1 << 20;

std::atomic<int> signals_handled = 0;

// Installs a handler that counts `signal`. The signal interrupts system calls.
void CountSignals(int signal) {
  struct sigaction action = {};
  action.sa_handler = [](int) { ++signals_handled; };
  ASSERT_EQ(sigaction(signal, &action, nullptr), 0);
  signals_handled = 0;
}

// Interrupts `thread` repeatedly.
void Interrupt(std::thread* thread) {
  constexpr int kTimes = 30;
  for (int i = 1; i <= kTimes; ++i) {
    ASSERT_EQ(pthread_kill(thread->native_handle(), SIGUSR1), 0);
    while (signals_handled < i) std::this_thread::yield();
  }
}

class InterruptedFdTransportTest : public testing::Test {
 protected:
  void SetUp() override {
    // The thread sanitizer runs handlers when the thread returns from a
    // blocking call, so a thread sometimes waits for a signal that it has
    // received.
#ifdef ABSL_HAVE_THREAD_SANITIZER
    GTEST_SKIP() << "the thread sanitizer delays signals";
#endif
  }
};

TEST(FdTransportShutdownTest, EndsABlockingReadAtItsDeadlineAtTheLatest) {
  FdPeer peer(Waiting::kBlocking);
  std::thread reader([&] {
    std::string buffer;
    EXPECT_FALSE(peer.transport().Read(&buffer, absl::Milliseconds(10)).ok());
  });
  peer.transport().Shutdown();
  reader.join();
}

TEST(FdTransportShutdownTest, EndsABlockingReadWithTheNextByteOrTheEnd) {
  for (const bool end : {false, true}) {
    FdPeer peer(Waiting::kBlocking);
    std::thread reader([&] {
      std::string buffer;
      EXPECT_TRUE(absl::IsCancelled(
          peer.transport().Read(&buffer, absl::InfiniteDuration()).status()));
    });
    peer.transport().Shutdown();
    if (end) {
      peer.CloseInput();
    } else {
      peer.Send("PING\n");
    }
    reader.join();
  }
}

TEST_F(InterruptedFdTransportTest, ASignalEndsNoRead) {
  for (const Waiting waiting : kBoth) {
    CountSignals(SIGUSR1);
    FdPeer peer(waiting);
    std::thread reader([&] {
      std::string buffer;
      EXPECT_EQ(*peer.transport().Read(&buffer, absl::InfiniteDuration()), 5);
      EXPECT_EQ(buffer, "PING\n");
    });
    Interrupt(&reader);
    peer.Send("PING\n");
    reader.join();
  }
}

TEST_F(InterruptedFdTransportTest, ASignalEndsNoWrite) {
  for (const Waiting waiting : kBoth) {
    CountSignals(SIGUSR1);
    FdPeer peer(waiting);
    const std::string bytes(kLargeSize, 'x');
    std::thread writer(
        [&] { EXPECT_TRUE(peer.transport().Write(bytes).ok()); });
    peer.AwaitFullPipe();
    Interrupt(&writer);
    EXPECT_TRUE(peer.Receive(bytes.size()) == bytes);
    writer.join();
  }
}

TEST(FdTransportSignalTest, SignalsDoNotDelayTheDeadline) {
  CountSignals(SIGALRM);
  itimerval every_millisecond = {{0, 1000}, {0, 1000}};
  ASSERT_EQ(setitimer(ITIMER_REAL, &every_millisecond, nullptr), 0);
  FdPeer peer;
  std::string buffer;
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      peer.transport().Read(&buffer, absl::Milliseconds(30)).status()));
  const itimerval never = {};
  ASSERT_EQ(setitimer(ITIMER_REAL, &never, nullptr), 0);
  EXPECT_GT(signals_handled, 0);
}

}  // namespace
}  // namespace passpersist_testing
