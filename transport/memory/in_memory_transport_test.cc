// SPDX-License-Identifier: Apache-2.0

#include "transport/memory/in_memory_transport.h"

#include <cstddef>
#include <string>
#include <thread>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/testing/transport_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

using passpersist::InMemoryTransport;

constexpr absl::Duration kForever = absl::InfiniteDuration();

INSTANTIATE_TEST_SUITE_P(InMemoryTransport, TransportConformanceTest,
                         testing::Values(TransportUnderTest{
                             InMemoryTransport::MakePair,
                             /*shutdown_interrupts=*/true,
                             /*write_waits=*/false}));

TEST(InMemoryTransportTest, OneReadReturnsAllUnreadWrites) {
  const auto [agent, snmpd] = InMemoryTransport::MakePair();
  const std::string much(1 << 20, 'x');
  ASSERT_THAT(snmpd->Write("a"), IsOk());
  ASSERT_THAT(snmpd->Write(""), IsOk());
  ASSERT_THAT(snmpd->Write(much), IsOk());
  std::string buffer;
  EXPECT_EQ(*agent->Read(&buffer, kForever), 1 + much.size());
  EXPECT_TRUE(buffer == "a" + much);
}

TEST(InMemoryTransportTest, WakeEndsOneRead) {
  const auto pair = InMemoryTransport::MakePair();
  pair.first->Wake();
  std::string buffer;
  EXPECT_THAT(pair.first->Read(&buffer, kForever).status(),
              StatusIs(absl::StatusCode::kAborted, "woken"));
  std::thread waker([&] { pair.first->Wake(); });
  EXPECT_THAT(pair.first->Read(&buffer, kForever).status(),
              StatusIs(absl::StatusCode::kAborted, "woken"));
  waker.join();
  EXPECT_THAT(
      pair.first->Read(&buffer, absl::ZeroDuration()).status(),
      StatusIs(absl::StatusCode::kDeadlineExceeded, "nothing was written"));
}

TEST(InMemoryTransportTest, ShutdownIsEndOfInputForThePeer) {
  const auto pair = InMemoryTransport::MakePair();
  std::thread reader([&] {
    std::string buffer;
    EXPECT_EQ(*pair.first->Read(&buffer, kForever), 0);
  });
  pair.second->Shutdown();
  reader.join();
}

}  // namespace
}  // namespace passpersist_testing
