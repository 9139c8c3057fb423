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
#include "passpersist/clock.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist_testing {

using passpersist::MonotonicClock;
using passpersist::Transport;
using testing::Not;
using testing::StartsWith;

namespace {

constexpr absl::Duration kForEver = absl::InfiniteDuration();

// More than pipes and sockets hold.
constexpr size_t kReclaimThreshold = 1 << 20;

}  // namespace

std::ostream& operator<<(std::ostream& os, const TransportUnderTest& t) {
  return os << "a transport"
            << (t.shutdown_interrupts ? "" : ", shutdown does not interrupt")
            << (t.write_waits ? "" : ", writes do not wait")
            << (t.sees_the_peer_go ? "" : ", it does not see the peer go");
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
                    << " bytes came: " << count.status();
      break;
    }
  }
  return bytes;
}

// A linear congruential generator: it doesn't repeat itself in 4 GB.
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

// An answer is awaited by one who holds his tongue: who waits for more before
// he hands out what there is waits for ever.
TEST_P(TransportConformanceTest, ReadDoesNotWaitForMore) {
  for (int round = 0; round < 20; ++round) {
    ASSERT_THAT(peer().Write("q"), IsOk());
    EXPECT_EQ(ReadBytes(&transport(), 1, kForEver), "q");
    ASSERT_THAT(transport().Write("a"), IsOk());
    EXPECT_EQ(ReadBytes(&peer(), 1, kLimit), "a");
  }
}

TEST_P(TransportConformanceTest, AReadWaitsForThePeer) {
  for (const absl::Duration timeout : {kLimit, kForEver}) {
    std::string heard;
    std::thread reader([&] { heard = ReadBytes(&transport(), 5, timeout); });
    EXPECT_THAT(peer().Write("PING\n"), IsOk());
    reader.join();
    EXPECT_EQ(heard, "PING\n");
  }
}

TEST_P(TransportConformanceTest, WritingNothingSaysNothing) {
  ASSERT_THAT(transport().Write(""), IsOk());
  std::string buffer;
  EXPECT_TRUE(absl::IsDeadlineExceeded(peer().Read(&buffer, kLook).status()));
  ASSERT_THAT(transport().Write("x"), IsOk());
  EXPECT_EQ(ReadBytes(&peer(), 1, kLimit), "x");
}

TEST_P(TransportConformanceTest, SaysSoWhenNothingComesInTime) {
  std::string buffer = "before";
  const MonotonicClock clock;
  const absl::Duration begin = clock.Now();
  EXPECT_TRUE(
      absl::IsDeadlineExceeded(transport().Read(&buffer, kLook).status()));
  // Half of it: the transport may have another clock.
  EXPECT_GE(clock.Now() - begin, kLook / 2);
  for (const absl::Duration none :
       {absl::ZeroDuration(), absl::Nanoseconds(1), -absl::Seconds(1),
        -absl::InfiniteDuration()}) {
    EXPECT_TRUE(
        absl::IsDeadlineExceeded(transport().Read(&buffer, none).status()));
  }
  EXPECT_EQ(buffer, "before");
}

TEST_P(TransportConformanceTest, ReadWithoutWaitingFindsWhatHasCome) {
  const std::string said = SomeBytes(1000);
  ASSERT_THAT(peer().Write(said), IsOk());
  std::string heard;
  const MonotonicClock clock;
  const absl::Duration deadline = clock.Now() + kLimit;
  while (heard.size() < said.size() && clock.Now() < deadline) {
    const absl::StatusOr<size_t> count =
        transport().Read(&heard, absl::ZeroDuration());
    ASSERT_TRUE(count.ok() || absl::IsDeadlineExceeded(count.status()))
        << count.status();
  }
  EXPECT_EQ(heard, said);
}

TEST_P(TransportConformanceTest, AWaitThatEndsInVainLosesNothing) {
  const std::string said = SomeBytes(2000);
  std::thread sayer([&] {
    for (const char byte : said) {
      EXPECT_THAT(peer().Write(absl::string_view(&byte, 1)), IsOk());
      std::this_thread::yield();
    }
  });
  std::string heard;
  const MonotonicClock clock;
  const absl::Duration deadline = clock.Now() + kLimit;
  while (heard.size() < said.size() && clock.Now() < deadline) {
    const absl::StatusOr<size_t> count =
        transport().Read(&heard, absl::Microseconds(heard.size() % 50));
    if (!count.ok() && !absl::IsDeadlineExceeded(count.status())) {
      ADD_FAILURE() << count.status();
      break;
    }
  }
  DestroyTransport();  // if bytes were lost, the peer may wait to say the rest
  sayer.join();
  EXPECT_EQ(heard, said);
}

TEST_P(TransportConformanceTest, TheEndOfThePeerComesBehindWhatItWrote) {
  const std::string last = SomeBytes(1000);
  ASSERT_THAT(peer().Write(last), IsOk());
  HangUp();
  EXPECT_EQ(ReadBytes(&transport(), last.size(), kLimit), last);
  std::string buffer = "before";
  for (const absl::Duration timeout :
       {kForEver, kLimit, absl::ZeroDuration(), kForEver}) {
    const absl::StatusOr<size_t> count = transport().Read(&buffer, timeout);
    ASSERT_THAT(count, IsOk());
    EXPECT_EQ(*count, 0);
  }
  EXPECT_EQ(buffer, "before");
}

TEST_P(TransportConformanceTest, TheEndOfThePeerEndsAReadThatWaits) {
  std::thread reader([&] {
    std::string buffer;
    const absl::StatusOr<size_t> count = transport().Read(&buffer, kForEver);
    EXPECT_THAT(count, IsOk());
    EXPECT_EQ(count.value_or(1), 0);
  });
  HangUp();
  reader.join();
}

TEST_P(TransportConformanceTest, WhatWasWrittenComesBeforeTheTransportsEnd) {
  const std::string last = SomeBytes(1000);
  ASSERT_THAT(transport().Write(last), IsOk());
  DestroyTransport();
  EXPECT_EQ(ReadBytes(&peer(), last.size(), kLimit), last);
  std::string buffer;
  const absl::StatusOr<size_t> count = peer().Read(&buffer, kLimit);
  ASSERT_THAT(count, IsOk());
  EXPECT_EQ(*count, 0);
}

TEST_P(TransportConformanceTest, APeerThatIsThereHasNotGone) {
  EXPECT_FALSE(transport().PeerHasGone());
  ASSERT_THAT(peer().Write("unread"), IsOk());
  EXPECT_FALSE(transport().PeerHasGone());
  ASSERT_THAT(transport().Write("unread"), IsOk());
  EXPECT_FALSE(transport().PeerHasGone());
}

// Whether or not there is something to read of it.
TEST_P(TransportConformanceTest, SeesThatThePeerHasGone) {
  if (!GetParam().sees_the_peer_go) {
    GTEST_SKIP() << "sees_the_peer_go is false";
  }
  for (const absl::string_view last : {"", "unread"}) {
    Connect();
    ASSERT_THAT(peer().Write(last), IsOk());
    HangUp();
    const MonotonicClock clock;
    const absl::Duration deadline = clock.Now() + kLimit;
    while (!transport().PeerHasGone() && clock.Now() < deadline) {
      std::this_thread::yield();
    }
    EXPECT_TRUE(transport().PeerHasGone());
    EXPECT_EQ(ReadBytes(&transport(), last.size(), kLimit), last);
  }
}

// A network may take some bytes before it knows that nobody is there.
TEST_P(TransportConformanceTest, WritingToAPeerThatHasGoneIsAnErrorNoSignal) {
  HangUp();
  absl::Status status;
  const MonotonicClock clock;
  const absl::Duration deadline = clock.Now() + kLimit;
  while (status.ok() && clock.Now() < deadline) {
    status = transport().Write("PONG\n");
    std::this_thread::yield();
  }
  EXPECT_THAT(status, Not(IsOk()));
  EXPECT_FALSE(absl::IsCancelled(status)) << "nobody shut it down: " << status;
}

TEST_P(TransportConformanceTest, WritesAllToAPeerThatReadsSlowly) {
  const std::string much = SomeBytes(kReclaimThreshold);
  std::thread writer([&] { EXPECT_THAT(transport().Write(much), IsOk()); });
  std::string heard;
  while (heard.size() < much.size()) {
    const absl::StatusOr<size_t> count = peer().Read(&heard, kLimit);
    EXPECT_THAT(count, IsOk());
    if (!count.ok() || *count == 0) break;
    for (int i = 0; i < 100; ++i) std::this_thread::yield();
  }
  EXPECT_TRUE(heard == much) << heard.size() << " bytes";
  HangUp();
  writer.join();
}

TEST_P(TransportConformanceTest, WritesThatWaitEndWhenThePeerGoes) {
  if (!GetParam().write_waits) GTEST_SKIP() << "write_waits is false";
  std::thread writer([&] {
    EXPECT_THAT(transport().Write(std::string(32 * kReclaimThreshold, 'x')),
                Not(IsOk()));
  });
  EXPECT_THAT(ReadBytes(&peer(), 1, kLimit), StartsWith("x"));
  HangUp();
  writer.join();
}

TEST_P(TransportConformanceTest, ReadsAndWritesAtTheSameTime) {
  const std::string there = SomeBytes(kReclaimThreshold + 1);
  const std::string back =
      SomeBytes(2 * kReclaimThreshold).substr(kReclaimThreshold);
  std::thread writer([&] { EXPECT_THAT(transport().Write(there), IsOk()); });
  std::thread peer_writer([&] {
    for (absl::string_view left = back; !left.empty();) {
      const absl::string_view piece = left.substr(0, 1000);
      EXPECT_THAT(peer().Write(piece), IsOk());
      left.remove_prefix(piece.size());
    }
  });
  std::string peer_heard;
  std::thread peer_reader(
      [&] { peer_heard = ReadBytes(&peer(), there.size(), kLimit); });
  const std::string heard = ReadBytes(&transport(), back.size(), kLimit);
  peer_reader.join();
  EXPECT_TRUE(heard == back) << heard.size() << " bytes";
  EXPECT_TRUE(peer_heard == there) << peer_heard.size() << " bytes";
  writer.join();
  peer_writer.join();
}

}  // namespace passpersist_testing
