// SPDX-License-Identifier: Apache-2.0
//
// Tests how the client handles answers. debug_conversation_test.cc has a real
// agent at the other end.

#include "transport/debug/debug_client.h"

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/fake_transport.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_framing.h"
#include "transport/debug/testing/debug_test_messages.h"
#include "transport/memory/in_memory_transport.h"

namespace passpersist {
namespace {

using passpersist_testing::FakeTransport;
using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The test acts as the agent, and may answer before it receives the request.
class DebugClientTest : public testing::Test {
 protected:
  DebugClientTest() {
    std::tie(transport_, agent_) = InMemoryTransport::MakePair();
    client_ = std::make_unique<DebugClient>(transport_.get());
  }

  void UseShortLimit() {
    DebugClient::Options options;
    options.limit = absl::Milliseconds(1);
    client_ = std::make_unique<DebugClient>(transport_.get(), options);
  }

  void Answer(const std::string& text) {
    std::string bytes;
    AppendFrame(FromText<debug::Response>(text), &bytes);
    AnswerBytes(bytes);
  }

  void AnswerBytes(const std::string& bytes) {
    ASSERT_THAT(agent_->Write(bytes), IsOk());
  }

  absl::StatusOr<debug::Response> Call(const std::string& text) {
    return client_->Call(FromText<debug::Request>(text));
  }

  absl::Status Dump() {
    return client_->Dump(debug::Dump(), [this](const debug::DumpEntry& entry) {
      dumped_.push_back(entry.binding().oid());
      return dumped_.size() < 3 ? absl::OkStatus()
                                : absl::CancelledError("enough");
    });
  }

  std::unique_ptr<Transport> transport_;
  std::unique_ptr<Transport> agent_;
  std::unique_ptr<DebugClient> client_;
  std::vector<std::string> dumped_;
};

TEST_F(DebugClientTest, ChoosesTheIdOfARequest) {
  Answer("id: 1 error: NO_SUCH_NAME");
  EXPECT_THAT(Call("id: 77 describe { }").value(),
              IsMessage("id: 1 error: NO_SUCH_NAME"));
  std::string expected;
  AppendFrame(FromText<debug::Request>("id: 1 describe { }"), &expected);
  std::string written;
  ASSERT_THAT(agent_->Read(&written, absl::InfiniteDuration()), IsOk());
  EXPECT_EQ(written, expected);
}

TEST_F(DebugClientTest, ACleanupSetDoesNotWait) {
  EXPECT_THAT(Call("cleanup_set { }").value(), IsMessage(""));
}

TEST_F(DebugClientTest, AnAgentThatHasEndedHasClosedTheConnection) {
  agent_ = nullptr;
  EXPECT_THAT(Call("describe { }"),
              StatusIs(absl::StatusCode::kUnavailable,
                       StartsWith("the agent closed the connection: the peer "
                                  "has closed its end")));
}

TEST_F(DebugClientTest, TheAgentMayCloseBeforeOrWithinAnAnswer) {
  std::vector<std::string> written;
  FakeTransport idle({}, &written);
  client_ = std::make_unique<DebugClient>(&idle);
  EXPECT_THAT(Call("describe { }"),
              StatusIs(absl::StatusCode::kUnavailable,
                       StartsWith("the agent closed the connection")));
  FakeTransport talking({"\x05", "\x08"}, &written);
  client_ = std::make_unique<DebugClient>(&talking);
  EXPECT_THAT(Call("describe { }"),
              StatusIs(absl::StatusCode::kUnavailable,
                       "the agent closed the connection within an answer"));
}

TEST_F(DebugClientTest, ARejectedClientReportsPossibleReasons) {
  agent_->Shutdown();
  EXPECT_THAT(Call("describe { }"), StatusIs(absl::StatusCode::kUnavailable,
                                             HasSubstr("too many clients")));
}

TEST_F(DebugClientTest, AnAcceptedClientReportsNoReasonsForRejection) {
  Answer("id: 1");
  ASSERT_THAT(Call("describe { }"), IsOk());
  agent_->Shutdown();
  EXPECT_THAT(Call("describe { }"),
              StatusIs(absl::StatusCode::kUnavailable,
                       Not(HasSubstr("too many clients"))));
}

TEST_F(DebugClientTest, ALateAnswerIsSkipped) {
  UseShortLimit();
  EXPECT_THAT(Call("describe { }"),
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       "no answer from the agent within 1ms"));
  Answer("id: 1 error: GEN_ERR");
  Answer("id: 2 error: NO_ACCESS");
  EXPECT_THAT(Call("describe { }").value(),
              IsMessage("id: 2 error: NO_ACCESS"));
}

TEST_F(DebugClientTest, AddsTheAgentsWaitToTheLimit) {
  UseShortLimit();
  EXPECT_THAT(Call("watch { wait { nanos: 2000000 } }"),
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       "no answer from the agent within 3ms"));
  EXPECT_THAT(Call("run_update { wait { nanos: 3000000 } }"),
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       "no answer from the agent within 4ms"));
}

TEST_F(DebugClientTest, ARequestThatTheAgentDoesNotUnderstandIsAnError) {
  Answer("id: 1 error: GEN_ERR problem: 'no operation'");
  EXPECT_THAT(Call(""),
              StatusIs(absl::StatusCode::kInvalidArgument, "no operation"));
  Answer("id: 2 error: TOO_BIG problem: 'too many names'");
  EXPECT_THAT(Call("get { }"),
              StatusIs(absl::StatusCode::kResourceExhausted, "too many names"));
  Answer("error: GEN_ERR problem: 'not a debug request'");
  EXPECT_THAT(Call("get { }"), StatusIs(absl::StatusCode::kInvalidArgument,
                                        "not a debug request"));
}

TEST_F(DebugClientTest, AnAgentMayHaveSentAReasonBeforeItClosed) {
  Answer("error: GEN_ERR problem: 'not a debug request'");
  agent_->Shutdown();
  EXPECT_THAT(Call("get { }"), StatusIs(absl::StatusCode::kInvalidArgument,
                                        "not a debug request"));
}

TEST_F(DebugClientTest, AnInvalidAnswerIsDataLoss) {
  AnswerBytes("\x02\xff\xff");
  EXPECT_THAT(Call("describe { }"),
              StatusIs(absl::StatusCode::kDataLoss,
                       "a message of 2 bytes is not a debug response"));
}

TEST_F(DebugClientTest, AnInvalidLengthIsDataLoss) {
  AnswerBytes(std::string(5, '\xff'));
  EXPECT_THAT(Call("describe { }"), StatusIs(absl::StatusCode::kDataLoss,
                                             HasSubstr("more than 32 bits")));
}

TEST_F(DebugClientTest, AnAnswerHas64MebibytesAtMost) {
  AnswerBytes("\x81\x80\x80\x20");
  EXPECT_THAT(Call("describe { }"),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("a message of 67108865 bytes")));
}

TEST_F(DebugClientTest, ARequestOfMoreThanAMebibyteIsNotSent) {
  debug::Request request;
  auto* const binding = request.mutable_set()->add_bindings();
  binding->set_octet_string(std::string(1 << 20, 'x'));
  EXPECT_THAT(client_->Call(request),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("of which 1048576 are allowed")));
  std::string written;
  EXPECT_THAT(agent_->Read(&written, absl::ZeroDuration()),
              StatusIs(absl::StatusCode::kDeadlineExceeded, testing::_));
}

TEST_F(DebugClientTest, CallRefusesADump) {
  EXPECT_THAT(Call("dump { }"), StatusIs(absl::StatusCode::kInvalidArgument,
                                         "a Dump has more than one answer"));
}

TEST_F(DebugClientTest, ADumpMayComeInManyPages) {
  Answer("id: 1 more: true entries { binding { oid: '.1' } }");
  Answer("id: 1 more: true");
  Answer("id: 1 entries { binding { oid: '.2' } }");
  EXPECT_THAT(Dump(), IsOk());
  EXPECT_THAT(dumped_, ElementsAre(".1", ".2"));
}

TEST_F(DebugClientTest, ADumpEndsAtTheFirstErrorOfTheCallback) {
  Answer("id: 1 more: true entries { } entries { } entries { } entries { }");
  Answer("id: 1 entries { }");
  EXPECT_THAT(Dump(), StatusIs(absl::StatusCode::kCancelled, "enough"));
  EXPECT_EQ(dumped_.size(), 3);
  // The remaining pages are not mistaken for another answer.
  Answer("id: 2 error: GEN_ERR");
  EXPECT_THAT(Call("describe { }").value(), IsMessage("id: 2 error: GEN_ERR"));
}

TEST_F(DebugClientTest, ADumpThatIsRefusedOrCutShortIsAnError) {
  Answer("id: 1 error: NO_ACCESS");
  EXPECT_THAT(Dump(), StatusIs(absl::StatusCode::kFailedPrecondition,
                               "the agent refused: NO_ACCESS"));
  Answer("id: 2 more: true entries { binding { oid: '.1' } }");
  agent_->Shutdown();
  EXPECT_THAT(Dump(), StatusIs(absl::StatusCode::kUnavailable,
                               StartsWith("the agent closed the connection")));
}

}  // namespace
}  // namespace passpersist
