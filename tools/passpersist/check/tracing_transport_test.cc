// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/tracing_transport.h"

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "transport/memory/in_memory_transport.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::IsOk;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class TracingTransportTest : public testing::Test {
 protected:
  TracingTransportTest() {
    auto [ours, theirs] = InMemoryTransport::MakePair();
    ours_ = std::move(ours);
    theirs_ = std::move(theirs);
    trace_ = std::make_unique<TracingTransport>(ours_.get());
  }

  void Send(const std::string& bytes) {
    EXPECT_THAT(trace_->Write(bytes), IsOk());
  }

  void Receive(const std::string& bytes) {
    EXPECT_THAT(theirs_->Write(bytes), IsOk());
    std::string received;
    EXPECT_THAT(trace_->Read(&received, absl::ZeroDuration()), IsOk());
    EXPECT_EQ(received, bytes);
  }

  std::unique_ptr<Transport> ours_;
  std::unique_ptr<Transport> theirs_;
  std::unique_ptr<TracingTransport> trace_;
};

TEST_F(TracingTransportTest, ShowsTheDirectionOfEachLine) {
  Send("PING\n");
  Receive("PONG\n");
  Send("get\n.1.3\n");
  Receive("NO");
  Receive("NE\n");
  EXPECT_EQ(trace_->Text(), "> PING\n< PONG\n> get\n> .1.3\n< NONE\n");
}

TEST_F(TracingTransportTest, MarksAnUnfinishedLine) {
  Send("set\n.1.3\ninteger 5");
  EXPECT_EQ(trace_->Text(), "> set\n> .1.3\n> integer 5…\n");
}

TEST_F(TracingTransportTest, EscapesAndShortensLines) {
  Receive(std::string("a\0\xff\n", 4));
  EXPECT_EQ(trace_->Text(), "< a\\000\\377\n");
  EXPECT_THAT(ShownLine(std::string(5000, 'a')), HasSubstr("… (5000 bytes)"));
  EXPECT_THAT(ShownLine(std::string(5000, 'a')), SizeIs(testing::Lt(100)));
}

TEST_F(TracingTransportTest, KeepsOnlyTheLastLines) {
  Send("first\n");
  for (int i = 0; i < 1000; ++i) {
    Receive("answer\n");
    Send("question\n");
  }
  EXPECT_THAT(trace_->Text(), Not(HasSubstr("first")));
  EXPECT_THAT(trace_->Text(), testing::EndsWith("> question\n"));
  EXPECT_THAT(trace_->Text(), SizeIs(testing::Lt(200)));
}

TEST_F(TracingTransportTest, RecordsTheSlowestRequest) {
  Send("get\n.1.3\n");
  Receive("NONE\n");
  EXPECT_GT(trace_->slowest(), absl::ZeroDuration());
  EXPECT_EQ(trace_->slowest_request(), "get .1.3");
}

TEST_F(TracingTransportTest, ATimedOutReadIsNotASlowAnswer) {
  Send("PING\n");
  std::string received;
  EXPECT_FALSE(trace_->Read(&received, absl::ZeroDuration()).ok());
  Receive("PONG\n");
  EXPECT_EQ(trace_->slowest(), absl::ZeroDuration());
}

TEST_F(TracingTransportTest, AgeCountsFromTheFirstAnswer) {
  Send("PING\n");
  EXPECT_EQ(trace_->Age(), absl::ZeroDuration());
  Receive("PONG\n");
  EXPECT_GT(trace_->Age(), absl::ZeroDuration());
}

TEST_F(TracingTransportTest, DetectsTheEndOfThePeer) {
  EXPECT_FALSE(trace_->ended());
  theirs_.reset();
  std::string received;
  EXPECT_EQ(trace_->Read(&received, absl::ZeroDuration()).value_or(1), 0u);
  EXPECT_TRUE(trace_->ended());
}

}  // namespace
}  // namespace passpersist::tool
