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

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

class TranscriptTest : public testing::Test {
 protected:
  TranscriptTest() {
    auto [ours, theirs] = InMemoryTransport::MakePair();
    ours_ = std::move(ours);
    theirs_ = std::move(theirs);
    transcript_ = std::make_unique<Transcript>(ours_.get());
  }

  void Send(const std::string& bytes) {
    EXPECT_THAT(transcript_->Write(bytes), IsOk());
  }

  void Receive(const std::string& bytes) {
    EXPECT_THAT(theirs_->Write(bytes), IsOk());
    std::string received;
    EXPECT_THAT(transcript_->Read(&received, absl::ZeroDuration()), IsOk());
    EXPECT_EQ(received, bytes);
  }

  std::unique_ptr<Transport> ours_;
  std::unique_ptr<Transport> theirs_;
  std::unique_ptr<Transcript> transcript_;
};

TEST_F(TranscriptTest, ShowsWhoSaidWhat) {
  Send("PING\n");
  Receive("PONG\n");
  Send("get\n.1.3\n");
  Receive("NO");
  Receive("NE\n");
  EXPECT_EQ(transcript_->Text(), "> PING\n< PONG\n> get\n> .1.3\n< NONE\n");
}

TEST_F(TranscriptTest, ShowsThatALineHasNotEnded) {
  Send("set\n.1.3\ninteger 5");
  EXPECT_EQ(transcript_->Text(), "> set\n> .1.3\n> integer 5…\n");
}

TEST_F(TranscriptTest, EscapesAndShortensLines) {
  Receive(std::string("a\0\xff\n", 4));
  EXPECT_EQ(transcript_->Text(), "< a\\000\\377\n");
  EXPECT_THAT(ShownLine(std::string(5000, 'a')), HasSubstr("… (5000 bytes)"));
  EXPECT_THAT(ShownLine(std::string(5000, 'a')), SizeIs(testing::Lt(100)));
}

TEST_F(TranscriptTest, KeepsTheEndOnly) {
  Send("first\n");
  for (int i = 0; i < 1000; ++i) {
    Receive("answer\n");
    Send("question\n");
  }
  EXPECT_THAT(transcript_->Text(), Not(HasSubstr("first")));
  EXPECT_THAT(transcript_->Text(), testing::EndsWith("> question\n"));
  EXPECT_THAT(transcript_->Text(), SizeIs(testing::Lt(200)));
}

TEST_F(TranscriptTest, KnowsTheRequestThatTookLongest) {
  Send("get\n.1.3\n");
  Receive("NONE\n");
  EXPECT_GT(transcript_->slowest(), absl::ZeroDuration());
  EXPECT_EQ(transcript_->slowest_request(), "get .1.3");
}

TEST_F(TranscriptTest, AnswersThatDoNotComeInTimeAreNotSlow) {
  Send("PING\n");
  std::string received;
  EXPECT_FALSE(transcript_->Read(&received, absl::ZeroDuration()).ok());
  Receive("PONG\n");
  EXPECT_EQ(transcript_->slowest(), absl::ZeroDuration());
}

TEST_F(TranscriptTest, IsAsOldAsTheFirstAnswer) {
  Send("PING\n");
  EXPECT_EQ(transcript_->Age(), absl::ZeroDuration());
  Receive("PONG\n");
  EXPECT_GT(transcript_->Age(), absl::ZeroDuration());
}

TEST_F(TranscriptTest, SeesThatThePeerHasEnded) {
  EXPECT_FALSE(transcript_->ended());
  theirs_.reset();
  std::string received;
  EXPECT_EQ(transcript_->Read(&received, absl::ZeroDuration()).value_or(1), 0u);
  EXPECT_TRUE(transcript_->ended());
}

}  // namespace
}  // namespace passpersist
