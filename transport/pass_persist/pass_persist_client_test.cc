// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_client.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "passpersist/value.h"
#include "transport/memory/in_memory_transport.h"
#include "transport/pass_persist/pass_persist_reply.h"
#include "transport/pass_persist/pass_persist_set.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::HasSubstr;

// The test writes the program's answers before the client sends the requests;
// the client cannot tell the difference.
class PassPersistClientTest : public testing::Test {
 protected:
  void Answer(absl::string_view bytes) {
    EXPECT_THAT(program_end_->Write(bytes), IsOk());
  }

  // Returns the requests that the program has received.
  std::string TakeRequests() {
    std::string bytes;
    program_end_->Read(&bytes, absl::ZeroDuration()).IgnoreError();
    return bytes;
  }

  void EndProgram() { program_end_.reset(); }

  // Returns a client with a short limit.
  PassPersistClient Client(
      SetEnding ending = SetEnding::kTwoNewlines593) const {
    PassPersistClient::Options options;
    options.limit = absl::Milliseconds(1);
    options.set_ending = ending;
    return PassPersistClient(snmpd_end_.get(), options);
  }

 private:
  std::pair<std::unique_ptr<Transport>, std::unique_ptr<Transport>> ends_ =
      InMemoryTransport::MakePair();
  std::unique_ptr<Transport> snmpd_end_ = std::move(ends_.first);
  std::unique_ptr<Transport> program_end_ = std::move(ends_.second);
};

TEST_F(PassPersistClientTest, PingsBeforeEachRequest) {
  Answer("PONG\n.1.3.1.0\nINTEGER\n5\nPONG\nNONE\n");
  PassPersistClient client = Client();
  const absl::StatusOr<PassPersistReply> reply = client.Get(".1.3.1.0");
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply->name, ".1.3.1.0");
  EXPECT_EQ(reply->type, "INTEGER");
  EXPECT_EQ(reply->value, "5");
  EXPECT_EQ(TakeRequests(), "PING\nget\n.1.3.1.0\n");
  const absl::StatusOr<PassPersistReply> next = client.GetNext(".1.3.1.0");
  ASSERT_THAT(next, IsOk());
  EXPECT_TRUE(next->absent());
  EXPECT_EQ(TakeRequests(), "PING\ngetnext\n.1.3.1.0\n");
}

TEST_F(PassPersistClientTest, ReturnsLinesUnchanged) {
  Answer("PONG and more\n1.3.1.0 \r\n Integer\r\n\nPONG\r\nNONEXISTENT\n");
  PassPersistClient client = Client();
  const absl::StatusOr<PassPersistReply> reply = client.Get(".1.3.1.0");
  ASSERT_THAT(reply, IsOk());
  EXPECT_EQ(reply->name, "1.3.1.0 \r");
  EXPECT_EQ(reply->type, " Integer\r");
  EXPECT_EQ(reply->value, "");
  EXPECT_TRUE(client.Get(".1.3").value().absent());
}

TEST_F(PassPersistClientTest, RefusesALineThatSnmpdDoesNotTakeForPong) {
  for (const char* const line : {"pong", " PONG", "", "hello", "NONE"}) {
    Answer(absl::string_view(line));
    Answer("\n");
    EXPECT_THAT(Client().Ping(),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         std::string("no PONG: \"") + line + "\""));
  }
}

TEST_F(PassPersistClientTest, RefusesASecondPong) {
  Answer("PONG\nPONG\nNONE\n");
  EXPECT_THAT(Client().Get(".1.3"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "a second PONG instead of the answer to get .1.3"));
  Answer("PONG\nPONG\nDONE\n");
  EXPECT_THAT(Client().Set(".1.3", "integer 5"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "a second PONG instead of the answer to set .1.3"));
}

TEST_F(PassPersistClientTest, TakesASuperfluousLineForTheNextPong) {
  Answer("PONG\n.1.3.1.0\nSTRING\ntwo\nlines\nPONG\n");
  PassPersistClient client = Client();
  EXPECT_THAT(client.Get(".1.3.1.0"), IsOk());
  EXPECT_THAT(
      client.Get(".1.3.1.0"),
      StatusIs(absl::StatusCode::kFailedPrecondition, "no PONG: \"lines\""));
}

TEST_F(PassPersistClientTest, NamesTheRequestWithoutAnAnswer) {
  EXPECT_THAT(Client().Ping(), StatusIs(absl::StatusCode::kDeadlineExceeded,
                                        "no answer to PING within 1ms"));
  Answer("PONG\n");
  EXPECT_THAT(Client().Get(".1.3"),
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       "no answer to get .1.3 within 1ms"));
  Answer("PONG\n");
  EXPECT_THAT(Client().Set(".1.3", "integer 5"),
              StatusIs(absl::StatusCode::kDeadlineExceeded,
                       "no answer to set .1.3 within 1ms"));
}

TEST_F(PassPersistClientTest, QuotesTheReceivedPartOfAnAnswer) {
  Answer("PONG\n.1.3.1\nINTE");
  EXPECT_THAT(Client().GetNext(".1.3"),
              StatusIs(absl::StatusCode::kDataLoss,
                       "only \".1.3.1\\nINTE\" of the answer to getnext .1.3 "
                       "within 1ms"));
  Answer("PONG");
  EXPECT_THAT(Client().Ping(),
              StatusIs(absl::StatusCode::kDataLoss,
                       "only \"PONG\" of the answer to PING within 1ms"));
}

TEST_F(PassPersistClientTest, ReportsThatTheProgramHasEnded) {
  Answer("PONG\n");
  EndProgram();
  EXPECT_THAT(Client().Ping(), StatusIs(absl::StatusCode::kUnavailable,
                                        HasSubstr("the program has ended")));
}

TEST_F(PassPersistClientTest, ReportsThatTheProgramEndsWithinAnAnswer) {
  Answer("PONG\n.1.3.1");
  PassPersistClient client = Client();
  EXPECT_THAT(client.Ping(), IsOk());
  EndProgram();
  // Like fgets().
  EXPECT_EQ(client.ReadLine(absl::ZeroDuration()).value_or(""), ".1.3.1");
  EXPECT_THAT(client.ReadLine(absl::ZeroDuration()),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("the program has ended")));
}

TEST_F(PassPersistClientTest, LimitsALineWithoutEnd) {
  Answer(std::string((1 << 20) + 1, 'a'));
  EXPECT_THAT(Client().Ping(), StatusIs(absl::StatusCode::kOutOfRange,
                                        HasSubstr("1048576 bytes")));
}

TEST_F(PassPersistClientTest, RefusesALineThatIsNeitherANameNorNone) {
  for (const char* const line : {"none", "", "iso.3.6.1", " .1.3"}) {
    Answer("PONG\n");
    Answer(absl::string_view(line));
    Answer("\n");
    EXPECT_THAT(Client().GetNext(".1.3"),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(std::string("\"") + line + "\"")));
  }
}

TEST_F(PassPersistClientTest, EndsSetsAsTheReleaseDoes) {
  struct {
    SetEnding ending;
    const char* expected;
  } const cases[] = {
      {SetEnding::kNewlineUpTo57, "PING\nset\n.1.3\ninteger 5\n"},
      {SetEnding::kTwoNewlines593, "PING\nset\n.1.3\ninteger 5\n\n"},
      {SetEnding::kNewlineUnlessCut, "PING\nset\n.1.3\ninteger 5\n"},
      {SetEnding::kNone510, "PING\nset\n.1.3\ninteger 5"},
  };
  for (const auto& c : cases) {
    Answer("PONG\nDONE\n");
    EXPECT_EQ(Client(c.ending).Set(".1.3", "integer 5").value_or(""), "DONE");
    EXPECT_EQ(TakeRequests(), c.expected);
  }
}

TEST_F(PassPersistClientTest, ReturnsValuesAsSnmpdReadsThem) {
  Answer("PONG\n.1.3.1.0\ngauge\n-1\nPONG\nNONE\nPONG\n.1.3.1.0\nnull\n\n");
  PassPersistClient client = Client();
  EXPECT_EQ(client.GetValue({1, 3, 1, 0}).value(),
            (ResponseVarBind{{1, 3, 1, 0}, Gauge32{4294967295}}));
  EXPECT_EQ(client.GetValue({1, 3, 2, 0}).value(),
            (ResponseVarBind{{1, 3, 2, 0}, Exception::kNoSuchInstance}));
  EXPECT_EQ(client.GetValue({1, 3, 1, 0}).value(),
            (ResponseVarBind{{1, 3, 1, 0}, Exception::kNoSuchInstance}));
}

TEST_F(PassPersistClientTest, WalksToTheEnd) {
  Answer("PONG\n.1.3.1.0\ninteger\n5\nPONG\nNONE\n");
  PassPersistClient client = Client();
  EXPECT_EQ(client.GetNextValue({1, 3}).value(),
            (ResponseVarBind{{1, 3, 1, 0}, Integer32{5}}));
  EXPECT_EQ(client.GetNextValue({1, 3, 1, 0}).value(),
            (ResponseVarBind{{1, 3, 1, 0}, Exception::kEndOfMibView}));
}

TEST_F(PassPersistClientTest, UnknownTypeEndsAWalkByAnError) {
  Answer("PONG\n.1.3.1.0\nfloat\n1.5\n");
  EXPECT_THAT(Client().GetNextValue({1, 3}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "snmpd knows no type \"float\""));
}

TEST_F(PassPersistClientTest, SetsAnExistingInstance) {
  Answer("PONG\n.1.3.1.0\ninteger\n5\nPONG\nwrong-value\n");
  EXPECT_EQ(Client().SetValue({{1, 3, 1, 0}, Integer32{7}}).value(),
            ErrorStatus::kWrongValue);
  EXPECT_EQ(TakeRequests(),
            "PING\nget\n.1.3.1.0\nPING\nset\n.1.3.1.0\ninteger 7\n\n");
}

TEST_F(PassPersistClientTest, SetsTheNameThatTheProgramAnswersWith) {
  Answer("PONG\n.1.3.9.0\nnull\n\nPONG\nDONE\n");
  EXPECT_EQ(Client().SetValue({{1, 3, 1, 0}, Integer32{7}}).value(),
            ErrorStatus::kNoError);
  EXPECT_THAT(TakeRequests(), HasSubstr("set\n.1.3.9.0\n"));
}

TEST_F(PassPersistClientTest, DoesNotSetAnAbsentInstance) {
  Answer("PONG\nNONE\n");
  EXPECT_EQ(Client().SetValue({{1, 3, 1, 0}, Integer32{7}}).value(),
            ErrorStatus::kNotWritable);
  EXPECT_EQ(TakeRequests(), "PING\nget\n.1.3.1.0\n");
}

TEST_F(PassPersistClientTest, DoesNotSetAValueThatSnmpdHasNoTextFor) {
  EXPECT_THAT(
      Client().SetValue({{1, 3, 1, 0}, Counter64{7}}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("Counter64")));
  EXPECT_EQ(TakeRequests(), "");
}

}  // namespace
}  // namespace passpersist
