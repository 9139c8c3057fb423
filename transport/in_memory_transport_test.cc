#include "transport/in_memory_transport.h"

#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <tuple>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/transport.h"

namespace passpersist {
namespace {

constexpr absl::Duration kForEver = absl::InfiniteDuration();

class InMemoryTransportTest : public testing::Test {
 protected:
  InMemoryTransportTest() {
    std::tie(agent_, snmpd_) = InMemoryTransport::MakePair();
  }

  std::unique_ptr<Transport> agent_;
  std::unique_ptr<Transport> snmpd_;
  std::string buffer_;
};

TEST_F(InMemoryTransportTest, OneEndReadsWhatTheOtherWrites) {
  ASSERT_TRUE(snmpd_->Write("PING\n").ok());
  EXPECT_EQ(*agent_->Read(&buffer_, kForEver), 5);
  EXPECT_EQ(buffer_, "PING\n");
  ASSERT_TRUE(agent_->Write("PONG\n").ok());
  EXPECT_EQ(*snmpd_->Read(&buffer_, kForEver), 5);
  EXPECT_EQ(buffer_, "PING\nPONG\n");
}

TEST_F(InMemoryTransportTest, WritesThatWereNotReadComeTogether) {
  const std::string much(1 << 20, 'x');
  ASSERT_TRUE(snmpd_->Write("a").ok());
  ASSERT_TRUE(snmpd_->Write("").ok());
  ASSERT_TRUE(snmpd_->Write(much).ok());
  EXPECT_EQ(*agent_->Read(&buffer_, kForEver), 1 + much.size());
  EXPECT_EQ(buffer_, "a" + much);
}

TEST_F(InMemoryTransportTest, SaysSoWhenNothingComesInTime) {
  buffer_ = "before";
  for (const absl::Duration timeout :
       {-absl::Seconds(1), absl::ZeroDuration(), absl::Milliseconds(5)}) {
    EXPECT_TRUE(
        absl::IsDeadlineExceeded(agent_->Read(&buffer_, timeout).status()));
  }
  EXPECT_EQ(buffer_, "before");
  ASSERT_TRUE(snmpd_->Write("x").ok());
  EXPECT_EQ(*agent_->Read(&buffer_, absl::ZeroDuration()), 1);
}

TEST_F(InMemoryTransportTest, AReadWaitsForAWrite) {
  std::thread reader(
      [this] { EXPECT_EQ(*agent_->Read(&buffer_, kForEver), 5); });
  ASSERT_TRUE(snmpd_->Write("PING\n").ok());
  reader.join();
  EXPECT_EQ(buffer_, "PING\n");
}

TEST_F(InMemoryTransportTest, TheEndOfThePeerComesBehindWhatItWrote) {
  ASSERT_TRUE(snmpd_->Write("last").ok());
  snmpd_.reset();
  EXPECT_EQ(*agent_->Read(&buffer_, kForEver), 4);
  EXPECT_EQ(*agent_->Read(&buffer_, kForEver), 0);
  EXPECT_EQ(*agent_->Read(&buffer_, absl::ZeroDuration()), 0);
  EXPECT_EQ(buffer_, "last");
}

TEST_F(InMemoryTransportTest, ShuttingDownIsTheEndForThePeerToo) {
  std::thread reader(
      [this] { EXPECT_EQ(*agent_->Read(&buffer_, kForEver), 0); });
  snmpd_->Shutdown();
  reader.join();
}

TEST_F(InMemoryTransportTest, WritingToAPeerThatHasGoneIsAnError) {
  snmpd_.reset();
  EXPECT_TRUE(absl::IsUnavailable(agent_->Write("PONG\n")));
}

TEST_F(InMemoryTransportTest, ShutdownInterruptsAReadThatWaits) {
  constexpr int kRounds = 100;
  for (int round = 0; round < kRounds; ++round) {
    const auto pair = InMemoryTransport::MakePair();
    std::thread reader([&pair] {
      std::string buffer;
      EXPECT_TRUE(
          absl::IsCancelled(pair.first->Read(&buffer, kForEver).status()));
    });
    pair.first->Shutdown();
    reader.join();
  }
}

TEST_F(InMemoryTransportTest, EverythingIsCancelledAfterShutdown) {
  ASSERT_TRUE(snmpd_->Write("unread").ok());
  agent_->Shutdown();
  agent_->Shutdown();
  EXPECT_TRUE(absl::IsCancelled(agent_->Read(&buffer_, kForEver).status()));
  EXPECT_TRUE(
      absl::IsCancelled(agent_->Read(&buffer_, absl::ZeroDuration()).status()));
  EXPECT_TRUE(absl::IsCancelled(agent_->Write("PONG\n")));
  EXPECT_EQ(buffer_, "");
}

TEST_F(InMemoryTransportTest, BothEndsMayWriteAtOnce) {
  constexpr int kMessages = 1000;
  const auto converse = [](Transport* transport) {
    std::string heard;
    for (int i = 0; i < kMessages; ++i) {
      EXPECT_TRUE(transport->Write("x").ok());
      if (heard.size() < static_cast<size_t>(i)) {
        EXPECT_TRUE(transport->Read(&heard, kForEver).ok());
      }
    }
    while (heard.size() < kMessages) {
      ASSERT_TRUE(transport->Read(&heard, kForEver).ok());
    }
    EXPECT_EQ(heard, std::string(kMessages, 'x'));
  };
  std::thread peer([&] { converse(snmpd_.get()); });
  converse(agent_.get());
  peer.join();
}

}  // namespace
}  // namespace passpersist
