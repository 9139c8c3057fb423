// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_codec.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "transport/pass_persist/testing/pass_persist_codec_test_fixture.h"

namespace passpersist_testing {
namespace {

using passpersist::ErrorStatus;
using passpersist::Exception;
using passpersist::Get;
using passpersist::GetNext;
using passpersist::Integer32;
using passpersist::Notification;
using passpersist::ObjectIdentifier;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Request;
using passpersist::Response;
using passpersist::ResponseVarBind;
using passpersist::SearchRange;
using passpersist::VarBind;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(PassPersistCodecTest, SendsNothingUnasked) {
  EXPECT_EQ(peer_.output(), "");
  EXPECT_EQ(ReplyToTimeout(), "");
  std::string out;
  codec().Close(&out);
  EXPECT_EQ(out, "");
}

TEST_F(PassPersistCodecTest, AnswersPing) {
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
  EXPECT_THAT(peer_.requests(), IsEmpty());
}

TEST_F(PassPersistCodecTest, AnswersGetWithNameTypeAndValue) {
  EXPECT_EQ(Reply("get\n.1.3.1.0\n"), ".1.3.1.0\nINTEGER\n5\n");
  EXPECT_EQ(Reply("get\n.1.3.2.0\n"), ".1.3.2.0\nSTRING\neth0\n");
}

TEST_F(PassPersistCodecTest, AnswersGetNextWithTheNextInstance) {
  EXPECT_EQ(Reply("getnext\n.1.3\n"), ".1.3.1.0\nINTEGER\n5\n");
  EXPECT_EQ(Reply("getnext\n.1.3.1.0\n"), ".1.3.2.0\nSTRING\neth0\n");
}

TEST_F(PassPersistCodecTest, AnswersNoneForAnAbsentInstance) {
  EXPECT_EQ(Reply("get\n.1.3\n"), "NONE\n");
  EXPECT_EQ(Reply("get\n.1.3.1\n"), "NONE\n");
  EXPECT_EQ(Reply("getnext\n.1.3.2.0\n"), "NONE\n");
}

TEST_F(PassPersistCodecTest, AnswersNoneToEachExceptionAndError) {
  const ResponseVarBind binding = {{1, 3, 1}, Integer32{1}};
  const Response nothings[] = {
      {ErrorStatus::kNoError, 0, {{{1, 3, 1}, Exception::kNoSuchObject}}, {}},
      {ErrorStatus::kNoError, 0, {{{1, 3, 1}, Exception::kNoSuchInstance}}, {}},
      {ErrorStatus::kNoError, 0, {{{1, 3, 1}, Exception::kEndOfMibView}}, {}},
      {ErrorStatus::kNoError, 0, {}, {}},
      {ErrorStatus::kNoError, 0, {binding, binding}, {}},
      {ErrorStatus::kGenErr, 1, {binding}, {}},
  };
  Request get;
  get.Reset<Get>().oids = {{1, 3, 1}};
  Request next;
  next.Reset<GetNext>().ranges = {SearchRange{{1, 3, 1}, false, {}}};
  for (const Response& nothing : nothings) {
    std::string out;
    codec().Encode(get, nothing, &out);
    codec().Encode(next, nothing, &out);
    EXPECT_EQ(out, "NONE\nNONE\n");
  }
}

// snmpd sends a set only after a successful get. A manager that only reads
// receives noSuchInstance for the unknown type.
TEST_F(PassPersistCodecTest, LetsSnmpdCreateWhatASetterCovers) {
  EXPECT_EQ(Reply("get\n.1.3.8.1\n"), ".1.3.8.1\nnull\n\n");
  EXPECT_EQ(Reply("get\n.1.3.8\n"), ".1.3.8\nnull\n\n");
  EXPECT_EQ(Reply("get\n.1.3.7.1\n"), "NONE\n");
  EXPECT_EQ(Reply("get\n.1.3.80.1\n"), "NONE\n");
  agent_.values[{1, 3, 8, 1}] = Integer32{1};
  EXPECT_EQ(Reply("get\n.1.3.8.1\n"), ".1.3.8.1\nINTEGER\n1\n");
}

// An unknown type would end the walk.
TEST_F(PassPersistCodecTest, NeverAnswersGetNextWithAnUnknownType) {
  EXPECT_EQ(Reply("getnext\n.1.3.8.1\n"), "NONE\n");
  Request next;
  next.Reset<GetNext>().ranges = {SearchRange{{1, 3, 8}, false, {}}};
  std::string out;
  codec().Encode(next,
                 {ErrorStatus::kNoError,
                  0,
                  {{{1, 3, 8, 1}, Exception::kNoSuchInstance}},
                  {}},
                 &out);
  EXPECT_EQ(out, "NONE\n");
}

TEST_F(PassPersistCodecTest, UnderstandsCommandsInAnyCase) {
  EXPECT_EQ(Reply("ping\nPing\npInG\n"), "PONG\nPONG\nPONG\n");
  EXPECT_EQ(Reply("GET\n.1.3.1.0\n"), ".1.3.1.0\nINTEGER\n5\n");
  EXPECT_EQ(Reply("GetNext\n.1.3\n"), ".1.3.1.0\nINTEGER\n5\n");
  EXPECT_EQ(Reply("SET\n.1.3.1.0\nINTEGER 5\n"), "DONE\n");
  EXPECT_EQ(Reply("dump\n"), Reply("DUMP\n"));
}

TEST_F(PassPersistCodecTest, UnderstandsAnyEndOfLineAndBlanksAround) {
  EXPECT_EQ(Reply("PING\r\n"), "PONG\n");
  EXPECT_EQ(Reply(" PING \t\r\n"), "PONG\n");
  EXPECT_EQ(Reply("get\r\n.1.3.1.0\r\n"), ".1.3.1.0\nINTEGER\n5\n");
  EXPECT_EQ(Reply("getnext\n .1.3 \n"), ".1.3.1.0\nINTEGER\n5\n");
  EXPECT_EQ(Reply("set\r\n.1.3.1.0\r\ninteger 5\r\n"), "DONE\n");
}

TEST_F(PassPersistCodecTest, UnderstandsNamesWithoutTheFirstDot) {
  EXPECT_EQ(Reply("get\n1.3.1.0\n"), ".1.3.1.0\nINTEGER\n5\n");
}

TEST_F(PassPersistCodecTest, IgnoresBlankLinesBetweenCommands) {
  EXPECT_EQ(Reply("\n\r\n \nPING\n\n"), "PONG\n");
  EXPECT_EQ(Reply("\nget\n.1.3.1.0\n\n"), ".1.3.1.0\nINTEGER\n5\n");
}

TEST_F(PassPersistCodecTest, AnswersNoneToUnknownCommands) {
  for (const char* const command :
       {"getbulk", "PINGX", "XPING", "forget", "get get", "PONG", "NONE",
        "get .1.3.1.0", "help", "\x01", "\xff\xfe", "?"}) {
    EXPECT_EQ(Reply(absl::StrCat(command, "\n")), "NONE\n") << command;
    EXPECT_EQ(Reply("PING\n"), "PONG\n") << command;
  }
  EXPECT_EQ(Reply(absl::string_view("\0PING\n", 6)), "NONE\n");
  EXPECT_THAT(peer_.requests(), IsEmpty());
}

TEST_F(PassPersistCodecTest, AnswersNoneToAnInvalidName) {
  const Oid too_long(std::vector<uint32_t>(Oid::kMaxArcs + 1, 1));
  for (const std::string& name :
       {std::string(), std::string("."), std::string("..1"),
        std::string("1..3"), std::string(".1.3."), std::string(".1.3.x"),
        std::string(".1.-3"), std::string(".1.3 .6"), std::string("sysDescr"),
        std::string(".1.4294967296"), std::string("PING"),
        too_long.ToString()}) {
    EXPECT_EQ(Reply(absl::StrCat("get\n", name, "\n")), "NONE\n") << name;
    EXPECT_EQ(Reply(absl::StrCat("getnext\n", name, "\n")), "NONE\n") << name;
    EXPECT_EQ(Reply("PING\n"), "PONG\n") << name;
  }
  EXPECT_THAT(peer_.requests(), IsEmpty());
}

TEST_F(PassPersistCodecTest, UnderstandsTheLongestName) {
  const Oid name(std::vector<uint32_t>(Oid::kMaxArcs, 4294967295));
  Reply(absl::StrCat("get\n", name.ToString(), "\n"));
  const Get* const get = std::get_if<Get>(&peer_.request().operation);
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(get->oids[0], name);
}

TEST_F(PassPersistCodecTest, ChecksNameAndValueOfABinding) {
  const Oid longest(std::vector<uint32_t>(Oid::kMaxArcs, 1));
  EXPECT_TRUE(codec().CheckBinding(longest, Integer32{1}).ok());
  EXPECT_TRUE(
      codec().CheckBinding({1, 3}, OctetString{std::string(4094, 'x')}).ok());
  Oid too_long = longest;
  too_long.Append(1);
  const VarBind unsendable[] = {
      {too_long, Integer32{1}},
      {{1}, Integer32{1}},
      {{3, 1}, Integer32{1}},
      {{1, 3}, OctetString{std::string(4095, 'x')}},
      {{1, 3}, ObjectIdentifier{{3, 50, 1}}},
      {{1, 3}, ObjectIdentifier{too_long}},
  };
  for (const VarBind& binding : unsendable) {
    const absl::Status status =
        codec().CheckBinding(binding.oid, binding.value);
    EXPECT_TRUE(absl::IsOutOfRange(status)) << binding.oid;
    EXPECT_THAT(std::string(status.message()),
                HasSubstr(binding.oid.ToString()));
  }
}

// With more arcs, snmpd crashes when it reads its configuration.
TEST_F(PassPersistCodecTest, TakesRootsOfAtMost30Arcs) {
  Oid root = {1, 3};
  while (root.size() < 30) root.Append(1);
  EXPECT_TRUE(codec().CheckRoot(root).ok());
  root.Append(1);
  EXPECT_FALSE(codec().CheckRoot(root).ok());
  EXPECT_TRUE(codec().CheckRoot({1, 3}).ok());
  EXPECT_FALSE(codec().CheckRoot({}).ok());
  EXPECT_FALSE(codec().CheckRoot({1}).ok());
  EXPECT_FALSE(codec().CheckRoot({1, 40}).ok());
}

TEST_F(PassPersistCodecTest, HasNoNotifications) {
  std::string out;
  EXPECT_TRUE(
      absl::IsUnimplemented(codec().EncodeNotification(Notification{}, &out)));
  EXPECT_EQ(out, "");
}

}  // namespace
}  // namespace passpersist_testing
