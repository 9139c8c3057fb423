// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_codec.h"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/fake_agent_monitor.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_framing.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist {
namespace {

using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::_;
using testing::HasSubstr;

// Sends requests as a client; the test answers them as the agent.
class DebugCodecTest : public testing::Test {
 protected:
  DebugCodecTest() : codec_(DebugCodec::Factory()()) {
    codec_->Open(CodecHost{Regions(), &monitor_, &clock_}, &out_);
    EXPECT_EQ(out_, "");
  }

  void Send(const debug::Request& request) { AppendFrame(request, &in_); }
  void Send(const std::string& text) { Send(FromText<debug::Request>(text)); }

  absl::StatusOr<Codec::Decoded> Decode() {
    absl::string_view in = in_;
    const auto decoded = codec_->Decode(&in, &request_, &out_);
    in_.erase(0, in_.size() - in.size());
    return decoded;
  }

  // Decodes a request for an `Op`.
  template <typename Op>
  const Op& Decoded() {
    constexpr bool kIsPage = std::is_same_v<Op, Dump>;
    EXPECT_EQ(Decode().value(),
              kIsPage ? Codec::Decoded::kPage : Codec::Decoded::kRequest);
    return std::get<Op>(request_.operation);
  }

  // Expects that the codec has consumed all input and returns no request.
  void ExpectNoRequest() {
    EXPECT_EQ(Decode().value(), Codec::Decoded::kIncomplete);
    EXPECT_EQ(in_, "");
  }

  void Answer(const Response& response) {
    codec_->Encode(request_, response, &out_);
  }

  // Returns the next message to the client.
  debug::Response NextAnswer() {
    absl::string_view out = out_;
    absl::string_view message;
    EXPECT_TRUE(TakeFrame(64 << 20, &out, &message).value());
    debug::Response response;
    EXPECT_TRUE(response.ParseFromString(std::string(message)));
    out_.erase(0, out_.size() - out.size());
    return response;
  }

  // Returns `size` integers; the first is .1.3.`first`.
  static Response Rows(uint32_t first, uint32_t size) {
    Response response;
    for (uint32_t arc = first; arc < first + size; ++arc) {
      response.bindings.push_back({{1, 3, arc}, Integer32{5}});
      response.instance_info.push_back({"", {1, 3}});
    }
    return response;
  }

  passpersist_testing::FakeAgentMonitor monitor_;
  passpersist_testing::SimulatedClock clock_;
  const std::unique_ptr<Codec> codec_;
  std::string in_;
  Request request_;
  std::string out_;
};

TEST_F(DebugCodecTest, AnswersHaveTheIdOfTheirRequest) {
  Send("id: 7 get { oids: '.1.3' }");
  EXPECT_EQ(Decoded<Get>().oids[0], (Oid{1, 3}));
  Response response;
  response.bindings = {{{1, 3}, Integer32{5}}};
  Answer(response);
  EXPECT_THAT(NextAnswer(),
              IsMessage("id: 7 bindings { oid: '.1.3' integer: 5 }"));
  ExpectNoRequest();
}

TEST_F(DebugCodecTest, ARefusalIsAnAnswer) {
  Send("id: 7 set { bindings { oid: '.1.3' integer: 5 } }");
  Decoded<Set>();
  Response response;
  response.error = ErrorStatus::kWrongType;
  response.error_index = 1;
  Answer(response);
  EXPECT_THAT(NextAnswer(),
              IsMessage("id: 7 error: WRONG_TYPE error_index: 1"));
}

TEST_F(DebugCodecTest, AnswersQuestionsAboutTheAgentItself) {
  monitor_.statistics.open_connections = 3;
  Send("id: 7 get_statistics { }");
  Send("id: 8 get { oids: '.1.3' }");
  EXPECT_EQ(Decoded<Get>().oids[0], (Oid{1, 3}));
  const debug::Response answer = NextAnswer();
  EXPECT_EQ(answer.id(), 7u);
  EXPECT_EQ(answer.statistics().open_connections(), 3u);
}

TEST_F(DebugCodecTest, ReadsOnWhileAnAnswerWaits) {
  EXPECT_EQ(codec_->ReadTimeout(), absl::InfiniteDuration());
  Send("id: 7 run_update { root: '.1.3' wait { seconds: 9 } }");
  Send("id: 8 get { oids: '.1.3' }");
  EXPECT_EQ(Decode().value(), Codec::Decoded::kIncomplete);
  EXPECT_EQ(codec_->ReadTimeout(), DebugCodec::kPollInterval);
  EXPECT_EQ(out_, "");
  EXPECT_NE(in_, "") << "the second request is consumed before its turn";
  EXPECT_EQ(Decode().value(), Codec::Decoded::kIncomplete);
  monitor_.runs[0]->End({{1, 3}, absl::OkStatus(), absl::Seconds(1), 10});
  EXPECT_EQ(Decoded<Get>().oids[0], (Oid{1, 3}));
  EXPECT_EQ(request_.packet, 8u);
  EXPECT_THAT(NextAnswer(),
              IsMessage("id: 7 update { root: '.1.3' "
                        "duration { seconds: 1 } instances: 10 }"));
  EXPECT_EQ(codec_->ReadTimeout(), absl::InfiniteDuration());
}

TEST_F(DebugCodecTest, AMebibyteMayFollowARequestThatWaits) {
  Send("id: 7 watch { wait { seconds: 9 } }");
  ExpectNoRequest();
  in_ = std::string(1 << 20, 'x');
  EXPECT_EQ(Decode().value(), Codec::Decoded::kIncomplete);
  in_.push_back('x');
  EXPECT_THAT(Decode(), StatusIs(absl::StatusCode::kResourceExhausted,
                                 HasSubstr("1048577 bytes follow")));
  const debug::Response answer = NextAnswer();
  EXPECT_EQ(answer.id(), 7u);
  EXPECT_EQ(answer.error(), debug::TOO_BIG);
  EXPECT_THAT(answer.problem(), HasSubstr("1048577 bytes follow"));
}

TEST_F(DebugCodecTest, DescribesInstancesOnRequest) {
  monitor_.instance_info[{1, 3, 1}] = {"one", {1, 3}, true, absl::Seconds(7)};
  Response response;
  response.bindings = {{{1, 3, 1}, Integer32{5}},
                       {{1, 3, 2}, Exception::kNoSuchInstance}};
  Send("id: 7 instance_info: true get { oids: '.1.3.1' oids: '.1.3.2' }");
  Decoded<Get>();
  Answer(response);
  EXPECT_THAT(
      NextAnswer(),
      IsMessage("id: 7 entries { binding { oid: '.1.3.1' integer: 5 } label: "
                "'one' root: '.1.3' computed: true age { seconds: 7 } } "
                "entries { binding { oid: '.1.3.2' exception: "
                "NO_SUCH_INSTANCE } }"));
  Send("id: 8 get { oids: '.1.3.1' oids: '.1.3.2' }");
  Decoded<Get>();
  Answer(response);
  const debug::Response answer = NextAnswer();
  EXPECT_EQ(answer.entries_size(), 0);
  EXPECT_EQ(answer.bindings_size(), 2);
}

TEST_F(DebugCodecTest, ACleanupSetHasNoAnswer) {
  Send("id: 7 transaction: 3 cleanup_set { }");
  Decoded<CleanupSet>();
  EXPECT_EQ(request_.transaction, 3);
  Answer(Response());
  EXPECT_EQ(out_, "");
}

TEST_F(DebugCodecTest, AnUnknownRequestIsAnsweredAndTheConnectionStaysOpen) {
  debug::Request newer;
  newer.set_id(1);
  newer.GetReflection()->MutableUnknownFields(&newer)->AddLengthDelimited(99,
                                                                          "");
  Send(newer);
  Send("id: 2 get { oids: '.x' }");
  debug::Request many;
  many.set_id(3);
  for (int i = 0; i < 1025; ++i) many.mutable_get()->add_oids(".1.3");
  Send(many);
  Send("id: 4 get { oids: '.1.3' }");
  Decoded<Get>();
  EXPECT_THAT(NextAnswer(),
              IsMessage("id: 1 error: GEN_ERR problem: 'operation "
                        "unknown to this agent; unknown fields: 99'"));
  EXPECT_THAT(NextAnswer(),
              IsMessage("id: 2 error: GEN_ERR problem: 'invalid OID "
                        "\".x\": not a digit at character 2'"));
  EXPECT_THAT(NextAnswer(),
              IsMessage("id: 3 error: TOO_BIG problem: '1025 names in a "
                        "request, of which 1024 are allowed'"));
  EXPECT_EQ(request_.packet, 4);
}

TEST_F(DebugCodecTest, AnInvalidMessageIsAnsweredAndEndsTheConnection) {
  in_ = "\x02\xff\xff";
  EXPECT_THAT(Decode(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "a message of 2 bytes is not a debug request"));
  EXPECT_THAT(NextAnswer(), IsMessage("error: GEN_ERR problem: 'a message of 2 "
                                      "bytes is not a debug request'"));
  codec_->Close(&out_);
  EXPECT_EQ(out_, "");
}

TEST_F(DebugCodecTest, ARequestHasAMebibyteAtMost) {
  debug::Request request;
  auto* const binding = request.mutable_set()->add_bindings();
  binding->set_oid(".1.3");
  binding->set_octet_string(std::string((1 << 20) - 18, 'x'));
  ASSERT_EQ(request.ByteSizeLong(), 1 << 20);
  Send(request);
  Decoded<Set>();
  binding->mutable_octet_string()->push_back('x');
  Send(request);
  in_.resize(3);  // the length alone causes the error
  EXPECT_THAT(Decode(), StatusIs(absl::StatusCode::kOutOfRange,
                                 HasSubstr("a message of 1048577 bytes")));
  EXPECT_THAT(NextAnswer().problem(),
              HasSubstr("of which 1048576 are allowed"));
}

TEST_F(DebugCodecTest, TypedTextEndsTheConnection) {
  in_ = "get\n.1.3.6.1.4.1.8072.9999.9999.1.0\n" + std::string(100, '\n');
  EXPECT_THAT(Decode(), StatusIs(absl::StatusCode::kInvalidArgument, _));
}

TEST_F(DebugCodecTest, AnAnswerHas16MebibytesAtMost) {
  Send("id: 7 get { oids: '.1.3' }");
  Decoded<Get>();
  Response response;
  response.bindings = {{{1, 3}, OctetString{std::string(16 << 20, 'x')}}};
  Answer(response);
  const debug::Response answer = NextAnswer();
  EXPECT_EQ(answer.id(), 7);
  EXPECT_EQ(answer.error(), debug::TOO_BIG);
  EXPECT_THAT(answer.problem(), HasSubstr("of which 16777216 are allowed"));
}

TEST_F(DebugCodecTest, AGetBulkHasAboutAThousandBindingsAtMost) {
  Send("get_bulk { max_repetitions: 4294967295 ranges { } }");
  EXPECT_EQ(Decoded<GetBulk>().max_repetitions, 1024);
  Send("get_bulk { max_repetitions: 1000 ranges { } }");
  EXPECT_EQ(Decoded<GetBulk>().max_repetitions, 1000);
  Send("get_bulk { non_repeaters: 24 max_repetitions: 1000 }");
  EXPECT_EQ(Decoded<GetBulk>().max_repetitions, 1000);
  debug::Request request =
      FromText<debug::Request>("get_bulk { non_repeaters: 24 }");
  request.mutable_get_bulk()->set_max_repetitions(1000);
  for (int i = 0; i < 34; ++i) request.mutable_get_bulk()->add_ranges();
  Send(request);
  EXPECT_EQ(Decoded<GetBulk>().max_repetitions, 100);
  for (int i = 34; i < 1024; ++i) request.mutable_get_bulk()->add_ranges();
  Send(request);
  EXPECT_EQ(Decoded<GetBulk>().max_repetitions, 1);
}

// The agent holds a transaction from its test until its undo or cleanup.
TEST_F(DebugCodecTest, SixteenTransactionsMayBeOpen) {
  const auto test = [this](uint32_t session, uint32_t transaction) {
    Send(absl::StrCat("session: ", session, " transaction: ", transaction,
                      " test_set { bindings { oid: '.1.3' integer: 5 } }"));
  };
  const auto expect_accepted = [this] {
    Decoded<TestSet>();
    Answer(Response());
    EXPECT_THAT(NextAnswer(), IsMessage(""));
  };
  const auto expect_too_big = [this] {
    ExpectNoRequest();
    EXPECT_THAT(NextAnswer(), IsMessage("error: TOO_BIG "
                                        "problem: '16 transactions are open'"));
  };
  // A refused transaction is not open.
  test(2, 1);
  Decoded<TestSet>();
  Response refusal;
  refusal.error = ErrorStatus::kWrongType;
  Answer(refusal);
  EXPECT_THAT(NextAnswer(), IsMessage("error: WRONG_TYPE"));
  for (uint32_t transaction = 1; transaction <= 16; ++transaction) {
    test(1, transaction);
    expect_accepted();
  }
  test(2, 1);
  expect_too_big();
  test(1, 16);  // again
  expect_accepted();
  for (const std::string end : {"undo_set { }", "cleanup_set { }"}) {
    Send("session: 1 transaction: 7 commit_set { }");
    Decoded<CommitSet>();
    Answer(Response());
    EXPECT_THAT(NextAnswer(), IsMessage(""));
    test(2, 1);
    expect_too_big();
    Send("session: 1 transaction: 7 " + end);
    ASSERT_EQ(Decode().value(), Codec::Decoded::kRequest);
    Answer(Response());
    out_.clear();
    test(1, 7);
    expect_accepted();
  }
}

TEST_F(DebugCodecTest, ADumpIsRequestedPageByPage) {
  Send(
      "id: 7 context: 'c' dump { range { start: '.1.3' inclusive: true "
      "end: '.1.4' } }");
  Send("id: 8 get { oids: '.1.3' }");
  const Dump& dump = Decoded<Dump>();
  uint32_t next = 1;
  for (const uint32_t page : {32, 64, 128, 256, 256}) {
    EXPECT_EQ(dump.limit, page);
    EXPECT_EQ(dump.range.start,
              next == 1 ? Oid({1, 3}) : Oid({1, 3, next - 1}));
    EXPECT_EQ(dump.range.inclusive, next == 1);
    EXPECT_EQ(dump.range.end, (Oid{1, 4}));
    EXPECT_EQ(request_.context, "c");
    Answer(Rows(next, page));
    const debug::Response answer = NextAnswer();
    EXPECT_EQ(answer.id(), 7);
    EXPECT_EQ(answer.entries_size(), page);
    EXPECT_EQ(answer.entries(0).binding().oid(), absl::StrCat(".1.3.", next));
    EXPECT_TRUE(answer.more());
    next += page;
    request_ = Request();  // the codec must not depend on it
    Decoded<Dump>();
  }
  Answer(Rows(next, 255));
  const debug::Response last = NextAnswer();
  EXPECT_EQ(last.id(), 7);
  EXPECT_EQ(last.entries_size(), 255);
  EXPECT_FALSE(last.more());
  Decoded<Get>();
  EXPECT_EQ(request_.packet, 8);
}

TEST_F(DebugCodecTest, ADumpThatFillsItsLastPageEndsWithAnEmptyOne) {
  Send("id: 7 dump { }");
  Decoded<Dump>();
  Answer(Rows(1, 32));
  EXPECT_TRUE(NextAnswer().more());
  Decoded<Dump>();
  Answer(Response());
  EXPECT_THAT(NextAnswer(), IsMessage("id: 7"));
  ExpectNoRequest();
}

TEST_F(DebugCodecTest, ADumpEndsAtItsLimit) {
  Send("dump { limit: 34 }");
  EXPECT_EQ(Decoded<Dump>().limit, 32);
  Answer(Rows(1, 32));
  EXPECT_TRUE(NextAnswer().more());
  EXPECT_EQ(Decoded<Dump>().limit, 2);
  Answer(Rows(33, 2));
  EXPECT_FALSE(NextAnswer().more());
  ExpectNoRequest();
}

TEST_F(DebugCodecTest, LargeEntriesMakeSmallPages) {
  Send("dump { }");
  Decoded<Dump>();
  Response response = Rows(1, 32);
  for (ResponseVarBind& binding : response.bindings) {
    binding.value = OctetString{std::string(20'000, 'x')};
  }
  Answer(response);
  const debug::Response answer = NextAnswer();
  EXPECT_EQ(answer.entries_size(), 4);
  EXPECT_TRUE(answer.more());
  EXPECT_EQ(Decoded<Dump>().range.start, (Oid{1, 3, 4}));
  EXPECT_EQ(std::get<Dump>(request_.operation).limit, 8);
  // The page was shorter than requested, but not all of it was sent: the next
  // page continues with the remainder.
  response.bindings.resize(5);
  response.instance_info.resize(5);
  Answer(response);
  EXPECT_TRUE(NextAnswer().more());
  EXPECT_EQ(Decoded<Dump>().limit, 8);
}

TEST_F(DebugCodecTest, ADumpThatIsRefusedEnds) {
  Send("id: 7 dump { }");
  Decoded<Dump>();
  Response response;
  response.error = ErrorStatus::kGenErr;
  Answer(response);
  EXPECT_THAT(NextAnswer(), IsMessage("id: 7 error: GEN_ERR"));
  ExpectNoRequest();
}

TEST_F(DebugCodecTest, CarriesAllMessagesExceptNotifications) {
  Oid longest;
  for (int i = 0; i < 200; ++i) longest.Append(0xffffffff);
  EXPECT_THAT(codec_->CheckBinding(longest, Integer32{1}), IsOk());
  EXPECT_THAT(codec_->CheckRoot(longest), IsOk());
  EXPECT_THAT(codec_->EncodeNotification(Notification(), &out_),
              StatusIs(absl::StatusCode::kUnimplemented, _));
}

}  // namespace
}  // namespace passpersist
