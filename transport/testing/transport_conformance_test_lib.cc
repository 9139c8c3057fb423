// SPDX-License-Identifier: Apache-2.0

#include "transport/testing/transport_conformance_test_lib.h"

#include <signal.h>

#include <cstdint>
#include <ostream>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/scheduling/monotonic_clock.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist_testing {

using passpersist::MonotonicClock;
using passpersist::Transport;
using testing::Not;
using testing::StartsWith;

namespace {

constexpr absl::Duration kForever = absl::InfiniteDuration();

// More than the buffers of pipes and sockets hold.
constexpr size_t kLargeSize = 1 << 20;

}  // namespace

std::ostream& operator<<(std::ostream& os, const TransportUnderTest& t) {
  return os << "a transport"
            << (t.shutdown_interrupts ? "" : ", shutdown does not interrupt")
            << (t.write_waits ? "" : ", writes do not wait");
}

TransportConformanceTest::TransportConformanceTest() {
  EXPECT_NE(signal(SIGPIPE, SIG_DFL), SIG_ERR);
  Connect();
}

void TransportConformanceTest::Connect() {
  pair_ = TransportPair();
  pair_ = GetParam().connect();
}

std::string ReadBytes(Transport* transport, size_t size, absl::Duration limit) {
  std::string bytes;
  while (bytes.size() < size) {
    const absl::StatusOr<size_t> count = transport->Read(&bytes, limit);
    if (!count.ok() || *count == 0) {
      ADD_FAILURE() << "only " << bytes.size() << " of " << size
                    << " bytes received: " << count.status();
      break;
    }
  }
  return bytes;
}

// A linear congruential generator with a period of 4 GB.
std::string SomeBytes(size_t size) {
  std::string bytes(size, '\0');
  uint32_t state = 0;
  for (char& byte : bytes) {
    byte = static_cast<char>(state >> 24);
    state = state * 1664525 + 1013904223;
  }
  return bytes;
}

TEST_P(TransportConformanceTest, MovesBytesOfEveryValueInBothDirections) {
  std::string all;
  for (int value = 0; value < 256; ++value) {
    all.push_back(static_cast<char>(value));
  }
  ASSERT_THAT(peer().Write(all), IsOk());
  EXPECT_EQ(ReadBytes(&transport(), all.size(), kLimit), all);
  ASSERT_THAT(transport().Write(all), IsOk());
  EXPECT_EQ(ReadBytes(&peer(), all.size(), kLimit), all);
}

TEST_P(TransportConformanceTest, ReadAppendsAndCountsWhatItAppends) {
  std::string buffer("before\0", 7);
  for (const absl::string_view word : {"PING\n", "x", "get\n"}) {
    const std::string before = buffer;
    ASSERT_THAT(peer().Write(word), IsOk());
    std::string read;
    while (read.size() < word.size()) {
      const absl::StatusOr<size_t> count = transport().Read(&buffer, kLimit);
      ASSERT_THAT(count, IsOk());
      ASSERT_EQ(buffer.size(), before.size() + read.size() + *count);
      read = buffer.substr(before.size());
    }
    EXPECT_EQ(buffer, before + std::string(word));
  }
}

// The peer sends nothing until it has an answer: a Read() that waited for more
// bytes before it returned the available bytes would wait forever.
TEST_P(TransportConformanceTest, ReadDoesNotWaitForMore) {
  for (int round = 0; round < 20; ++round) {
    ASSERT_THAT(peer().Write("q"), IsOk());
    EXPECT_EQ(ReadBytes(&transport(), 1, kForever), "q");
    ASSERT_THAT(transport().Write("a"), IsOk());
    EXPECT_EQ(ReadBytes(&peer(), 1, kLimit), "a");
  }
}

TEST_P(TransportConformanceTest, AReadWaitsForThePeer) {
  for (const absl::Duration timeout : {kLimit, kForever}) {
    std::string received;
    std::thread reader([&] { received = ReadBytes(&transport(), 5, timeout); });
    EXPECT_THAT(peer().Write("PING\n"), IsOk());
    reader.join();
    EXPECT_EQ(received, "PING\n");
  }
}

TEST_P(TransportConformanceTest, AnEmptyWriteSendsNothing) {
  ASSERT_THAT(transport().Write(""), IsOk());
  std::string buffer;
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      peer().Read(&buffer, kObservationTime).status()));
  ASSERT_THAT(transport().Write("x"), IsOk());
  EXPECT_EQ(ReadBytes(&peer(), 1, kLimit), "x");
}

TEST_P(TransportConformanceTest, AReadWithoutInputTimesOut) {
  std::string buffer = "before";
  const MonotonicClock clock;
  const absl::Duration begin = clock.Now();
  EXPECT_TRUE(absl::IsDeadlineExceeded(
      transport().Read(&buffer, kObservationTime).status()));
  // Half of the time: the transport may use a different clock.
  EXPECT_GE(clock.Now() - begin, kObservationTime / 2);
  for (const absl::Duration none :
       {absl::ZeroDuration(), absl::Nanoseconds(1), -absl::Seconds(1),
        -absl::InfiniteDuration()}) {
    EXPECT_TRUE(
        absl::IsDeadlineExceeded(transport().Read(&buffer, none).status()));
  }
  EXPECT_EQ(buffer, "before");
}

TEST_P(TransportConformanceTest, ReadWithoutWaitingReturnsReceivedBytes) {
  const std::string sent = SomeBytes(1000);
  ASSERT_THAT(peer().Write(sent), IsOk());
  std::string received;
  const MonotonicClock clock;
  const absl::Duration deadline = clock.Now() + kLimit;
  while (received.size() < sent.size() && clock.Now() < deadline) {
    const absl::StatusOr<size_t> count =
        transport().Read(&received, absl::ZeroDuration());
    ASSERT_TRUE(count.ok() || absl::IsDeadlineExceeded(count.status()))
        << count.status();
  }
  EXPECT_EQ(received, sent);
}

// A transport may also ignore Wake().
TEST_P(TransportConformanceTest, AWokenReadLosesNoBytes) {
  const std::string sent = SomeBytes(1000);
  std::string received;
  for (int round = 0; round < 10; ++round) {
    transport().Wake();
    ASSERT_THAT(peer().Write(sent.substr(100 * round, 100)), IsOk());
    while (received.size() < 100u * (round + 1)) {
      const absl::StatusOr<size_t> count = transport().Read(&received, kLimit);
      ASSERT_TRUE(count.ok() || absl::IsAborted(count.status()))
          << count.status();
    }
  }
  EXPECT_EQ(received, sent);
}

TEST_P(TransportConformanceTest, AReadTimeoutLosesNoBytes) {
  const std::string sent = SomeBytes(2000);
  std::thread sender([&] {
    for (const char byte : sent) {
      EXPECT_THAT(peer().Write(absl::string_view(&byte, 1)), IsOk());
      std::this_thread::yield();
    }
  });
  std::string received;
  const MonotonicClock clock;
  const absl::Duration deadline = clock.Now() + kLimit;
  while (received.size() < sent.size() && clock.Now() < deadline) {
    const absl::StatusOr<size_t> count =
        transport().Read(&received, absl::Microseconds(received.size() % 50));
    if (!count.ok() && !absl::IsDeadlineExceeded(count.status())) {
      ADD_FAILURE() << count.status();
      break;
    }
  }
  DestroyTransport();  // after an error, ends a Write() of the peer that waits
  sender.join();
  EXPECT_EQ(received, sent);
}

TEST_P(TransportConformanceTest, EndOfInputComesAfterThePeersLastBytes) {
  const std::string last = SomeBytes(1000);
  ASSERT_THAT(peer().Write(last), IsOk());
  HangUp();
  EXPECT_EQ(ReadBytes(&transport(), last.size(), kLimit), last);
  std::string buffer = "before";
  for (const absl::Duration timeout :
       {kForever, kLimit, absl::ZeroDuration(), kForever}) {
    const absl::StatusOr<size_t> count = transport().Read(&buffer, timeout);
    ASSERT_THAT(count, IsOk());
    EXPECT_EQ(*count, 0);
  }
  EXPECT_EQ(buffer, "before");
}

TEST_P(TransportConformanceTest, TheEndOfThePeerEndsABlockedRead) {
  std::thread reader([&] {
    std::string buffer;
    const absl::StatusOr<size_t> count = transport().Read(&buffer, kForever);
    EXPECT_THAT(count, IsOk());
    EXPECT_EQ(count.value_or(1), 0);
  });
  HangUp();
  reader.join();
}

TEST_P(TransportConformanceTest, WrittenBytesArriveBeforeTheTransportsEnd) {
  const std::string last = SomeBytes(1000);
  ASSERT_THAT(transport().Write(last), IsOk());
  DestroyTransport();
  EXPECT_EQ(ReadBytes(&peer(), last.size(), kLimit), last);
  std::string buffer;
  const absl::StatusOr<size_t> count = peer().Read(&buffer, kLimit);
  ASSERT_THAT(count, IsOk());
  EXPECT_EQ(*count, 0);
}

// A network may accept some bytes before it reports that the peer has closed.
TEST_P(TransportConformanceTest, WritingToAClosedPeerIsUnavailable) {
  HangUp();
  absl::Status status;
  const MonotonicClock clock;
  const absl::Duration deadline = clock.Now() + kLimit;
  while (status.ok() && clock.Now() < deadline) {
    status = transport().Write("PONG\n");
    std::this_thread::yield();
  }
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

TEST_P(TransportConformanceTest, WritesAllToAPeerThatReadsSlowly) {
  const std::string bytes = SomeBytes(kLargeSize);
  std::thread writer([&] { EXPECT_THAT(transport().Write(bytes), IsOk()); });
  std::string received;
  while (received.size() < bytes.size()) {
    const absl::StatusOr<size_t> count = peer().Read(&received, kLimit);
    EXPECT_THAT(count, IsOk());
    if (!count.ok() || *count == 0) break;
    for (int i = 0; i < 100; ++i) std::this_thread::yield();
  }
  EXPECT_TRUE(received == bytes) << received.size() << " bytes";
  HangUp();
  writer.join();
}

TEST_P(TransportConformanceTest, ABlockedWriteEndsWhenThePeerCloses) {
  if (!GetParam().write_waits) GTEST_SKIP() << "write_waits is false";
  std::thread writer([&] {
    const absl::Status status =
        transport().Write(std::string(32 * kLargeSize, 'x'));
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  });
  EXPECT_THAT(ReadBytes(&peer(), 1, kLimit), StartsWith("x"));
  HangUp();
  writer.join();
}

TEST_P(TransportConformanceTest, ReadsAndWritesAtTheSameTime) {
  const std::string to_peer = SomeBytes(kLargeSize + 1);
  const std::string from_peer = SomeBytes(2 * kLargeSize).substr(kLargeSize);
  std::thread writer([&] { EXPECT_THAT(transport().Write(to_peer), IsOk()); });
  std::thread peer_writer([&] {
    for (absl::string_view left = from_peer; !left.empty();) {
      const absl::string_view piece = left.substr(0, 1000);
      EXPECT_THAT(peer().Write(piece), IsOk());
      left.remove_prefix(piece.size());
    }
  });
  std::string peer_received;
  std::thread peer_reader(
      [&] { peer_received = ReadBytes(&peer(), to_peer.size(), kLimit); });
  const std::string received =
      ReadBytes(&transport(), from_peer.size(), kLimit);
  peer_reader.join();
  EXPECT_TRUE(received == from_peer) << received.size() << " bytes";
  EXPECT_TRUE(peer_received == to_peer) << peer_received.size() << " bytes";
  writer.join();
  peer_writer.join();
}

}  // namespace passpersist_testing
