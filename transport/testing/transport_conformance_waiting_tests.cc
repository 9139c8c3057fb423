// SPDX-License-Identifier: Apache-2.0
//
// Blocked reads and writes: they do not wait for each other, and Shutdown()
// ends them.

#include <atomic>
#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/testing/transport_conformance_test_lib.h"

namespace passpersist_testing {

using passpersist::Transport;

namespace {

constexpr absl::Duration kForever = absl::InfiniteDuration();

// A call on a thread of its own.
class Call {
 public:
  explicit Call(std::function<absl::Status()> function)
      : thread_([this, function = std::move(function)] {
          result_ = function();
          ended_.Notify();
        }) {}
  ~Call() { thread_.join(); }

  bool EndsWithin(absl::Duration limit) const {
    return ended_.WaitForNotificationWithTimeout(limit);
  }

  // Requires that the call has ended.
  const absl::Status& result() const { return result_; }

 private:
  absl::Status result_;
  absl::Notification ended_;
  std::thread thread_;
};

absl::Status ReadSomething(Transport* transport, absl::Duration timeout) {
  std::string buffer = "before";
  const absl::Status status = transport->Read(&buffer, timeout).status();
  EXPECT_EQ(buffer, "before");
  return status;
}

// More writes than any transport accepts without waiting for its peer, unless
// it accepts any number.
constexpr int kMaxWrites = 32'000;

// Writes until a write fails, and counts the writes.
absl::Status WriteForever(Transport* transport, std::atomic<int>* writes) {
  const std::string bytes(1000, 'x');
  absl::Status status;
  while (status.ok() && *writes < kMaxWrites) {
    status = transport->Write(bytes);
    ++*writes;
  }
  return status;
}

// Waits until `call`, a WriteForever(), makes no progress, because the peer
// does not read. Fails the test if the call ends before: see
// TransportUnderTest::write_waits.
void AwaitBlocked(const Call& call, const std::atomic<int>& writes,
                  absl::Duration observation_time) {
  int before;
  do {
    before = writes;
    ASSERT_FALSE(call.EndsWithin(observation_time)) << call.result();
  } while (writes > before);
}

}  // namespace

TEST_P(TransportConformanceTest, ABlockedReadDelaysNoWrite) {
  const Call read([&] {
    std::string buffer;
    return transport().Read(&buffer, kForever).status();
  });
  EXPECT_FALSE(read.EndsWithin(kObservationTime)) << read.result();
  const Call write([&] { return transport().Write("x"); });
  EXPECT_EQ(ReadBytes(&peer(), 1, kLimit), "x");
  EXPECT_THAT(peer().Write("y"), IsOk());
  ASSERT_TRUE(read.EndsWithin(kLimit) && write.EndsWithin(kLimit));
  EXPECT_THAT(read.result(), IsOk());
  EXPECT_THAT(write.result(), IsOk());
}

TEST_P(TransportConformanceTest, ABlockedWriteDelaysNoRead) {
  if (!GetParam().write_waits) GTEST_SKIP() << "write_waits is false";
  std::atomic<int> writes = 0;
  const Call write([&] { return WriteForever(&transport(), &writes); });
  AwaitBlocked(write, writes, kObservationTime);
  EXPECT_THAT(peer().Write("y"), IsOk());
  const Call read([&] {
    std::string buffer;
    return transport().Read(&buffer, kForever).status();
  });
  EXPECT_TRUE(read.EndsWithin(kLimit));
  HangUp();
  ASSERT_TRUE(read.EndsWithin(kLimit) && write.EndsWithin(kLimit));
  EXPECT_THAT(read.result(), IsOk());
}

TEST_P(TransportConformanceTest, ShutdownInterruptsABlockedRead) {
  if (!GetParam().shutdown_interrupts) {
    GTEST_SKIP() << "shutdown_interrupts is false";
  }
  for (const absl::Duration timeout : {kForever, absl::Hours(100)}) {
    Connect();
    const Call read([&] { return ReadSomething(&transport(), timeout); });
    EXPECT_FALSE(read.EndsWithin(kObservationTime)) << read.result();
    transport().Shutdown();
    const bool interrupted = read.EndsWithin(kLimit);
    EXPECT_TRUE(interrupted);
    // If Shutdown() does not end the call, closing the peer does.
    if (!interrupted) HangUp();
    ASSERT_TRUE(read.EndsWithin(kLimit));
    EXPECT_TRUE(absl::IsCancelled(read.result())) << read.result();
  }
}

// The window between the check for a shutdown and the wait is small.
TEST_P(TransportConformanceTest, ShutdownInterruptsAReadThatIsAboutToBlock) {
  if (!GetParam().shutdown_interrupts) {
    GTEST_SKIP() << "shutdown_interrupts is false";
  }
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds && !HasFailure(); ++round) {
    Connect();
    const Call read([&] { return ReadSomething(&transport(), kForever); });
    for (int i = 0; i < round % 10; ++i) std::this_thread::yield();
    transport().Shutdown();
    const bool interrupted = read.EndsWithin(kLimit);
    EXPECT_TRUE(interrupted);
    if (!interrupted) HangUp();
    ASSERT_TRUE(read.EndsWithin(kLimit));
    EXPECT_TRUE(absl::IsCancelled(read.result())) << read.result();
  }
}

TEST_P(TransportConformanceTest, ShutdownInterruptsReadAndWriteAtOnce) {
  if (!GetParam().shutdown_interrupts) {
    GTEST_SKIP() << "shutdown_interrupts is false";
  }
  if (!GetParam().write_waits) GTEST_SKIP() << "write_waits is false";
  std::atomic<int> writes = 0;
  const Call read([&] { return ReadSomething(&transport(), kForever); });
  const Call write([&] { return WriteForever(&transport(), &writes); });
  AwaitBlocked(write, writes, kObservationTime);
  transport().Shutdown();
  const bool interrupted = write.EndsWithin(kLimit) && read.EndsWithin(kLimit);
  EXPECT_TRUE(interrupted);
  if (!interrupted) HangUp();
  ASSERT_TRUE(write.EndsWithin(kLimit) && read.EndsWithin(kLimit));
  EXPECT_TRUE(absl::IsCancelled(write.result())) << write.result();
  EXPECT_TRUE(absl::IsCancelled(read.result())) << read.result();
}

TEST_P(TransportConformanceTest, EverythingIsCancelledAfterShutdown) {
  for (const bool something_to_read : {false, true}) {
    Connect();
    if (something_to_read) {
      ASSERT_THAT(peer().Write("unread"), IsOk());
    }
    transport().Shutdown();
    for (const absl::Duration timeout :
         {absl::ZeroDuration(), absl::Hours(1), kForever}) {
      const absl::Status read = ReadSomething(&transport(), timeout);
      EXPECT_TRUE(absl::IsCancelled(read)) << read;
      for (const absl::string_view bytes : {"PONG\n", ""}) {
        const absl::Status written = transport().Write(bytes);
        EXPECT_TRUE(absl::IsCancelled(written)) << written;
      }
      transport().Shutdown();
    }
  }
}

TEST_P(TransportConformanceTest, IsCancelledEvenIfThePeerHasClosed) {
  HangUp();
  transport().Shutdown();
  const absl::Status read = ReadSomething(&transport(), kForever);
  EXPECT_TRUE(absl::IsCancelled(read)) << read;
  const absl::Status written = transport().Write("PONG\n");
  EXPECT_TRUE(absl::IsCancelled(written)) << written;
}

TEST_P(TransportConformanceTest, SeveralThreadsMayShutItDownDuringUse) {
  constexpr int kThreads = 4;
  for (int round = 0; round < 20; ++round) {
    Connect();
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] { transport().Shutdown(); });
    }
    const Call write([&] {
      const absl::Status status = transport().Write("PONG\n");
      return absl::IsCancelled(status) ? absl::OkStatus() : status;
    });
    const absl::StatusCode code =
        ReadSomething(&transport(), absl::ZeroDuration()).code();
    EXPECT_TRUE(code == absl::StatusCode::kCancelled ||
                code == absl::StatusCode::kDeadlineExceeded);
    for (std::thread& thread : threads) thread.join();
    ASSERT_TRUE(write.EndsWithin(kLimit));
    EXPECT_THAT(write.result(), IsOk());
    EXPECT_TRUE(absl::IsCancelled(ReadSomething(&transport(), kForever)));
  }
}

}  // namespace passpersist_testing
