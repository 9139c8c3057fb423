// SPDX-License-Identifier: Apache-2.0

#include <memory>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/pass_persist/testing/pass_persist_codec_test_fixture.h"
#include "transport/testing/codec_conformance_peer.h"

namespace passpersist_testing {
namespace {

using passpersist::ErrorStatus;
using passpersist::Integer32;
using passpersist::PassPersistCodec;
using passpersist::Set;
using passpersist::Value;
using passpersist::VarBind;
using testing::IsEmpty;
using testing::SizeIs;

class PassPersistCodecSetTest : public PassPersistCodecTest {
 protected:
  // Returns the binding of the last set.
  VarBind Assignment() const {
    const Set* const set = std::get_if<Set>(&peer_.request().operation);
    if (set == nullptr || set->bindings.size() != 1) return {};
    return set->bindings[0];
  }
};

TEST_F(PassPersistCodecSetTest, PassesNameAndValueToTheHandler) {
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 5\n"), "DONE\n");
  EXPECT_EQ(Assignment(), (VarBind{{1, 3, 8, 1}, Integer32{5}}));
}

// pass_persist_value_test tests all words.
TEST_F(PassPersistCodecSetTest, RepliesTheWordOfTheHandlersError) {
  agent_.set_answer = ErrorStatus::kCommitFailed;
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 5\n"), "commit-failed\n");
  agent_.set_answer = ErrorStatus::kNoError;
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 5\n"), "DONE\n");
}

TEST_F(PassPersistCodecSetTest, RefusesAnUnreadableSetWithoutTheHandler) {
  EXPECT_EQ(Reply("set\n.1.3.8.1\ncounter64 5\n"), "wrong-type\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger x\n"), "wrong-value\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\nstring \"cut\n"), "wrong-length\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\n\n"), "wrong-type\n");
  EXPECT_EQ(Reply("set\nsysName\ninteger 5\n"), "not-writable\n");
  EXPECT_EQ(Reply("set\n\ninteger 5\n"), "not-writable\n");
  EXPECT_EQ(Reply("set\n\n\n"), "not-writable\n");
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
  EXPECT_THAT(peer_.requests(), IsEmpty());
}

TEST_F(PassPersistCodecSetTest, RepliesToACommandWordWhereAValueIsExpected) {
  EXPECT_EQ(Reply("set\nPING\nPING\nPING\n"), "not-writable\nPONG\n");
}

TEST_F(PassPersistCodecSetTest, EndsAtTheNewlineOfNetSnmp57) {
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 5\n"), "DONE\n");
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
}

TEST_F(PassPersistCodecSetTest,
       IgnoresTheBlankLineThatNetSnmp593SendsAfterTheValue) {
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 5\n\n"), "DONE\n");
  EXPECT_EQ(codec().ReadTimeout(), absl::InfiniteDuration());
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
}

TEST_F(PassPersistCodecSetTest, EndsALongValueOfNetSnmp595ByTimeout) {
  EXPECT_EQ(Reply("set\n.1.3.8.1\nstring \"short\"\n"), "DONE\n");
  // Cut at 4095 bytes, without the closing quote and the newline.
  const std::string value =
      absl::StrCat("string \"", std::string(4095 - 8, 'x'));
  EXPECT_EQ(Reply(absl::StrCat("set\n.1.3.8.1\n", value)), "");
  EXPECT_EQ(ReplyToTimeout(), "wrong-length\n");
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
}

TEST_F(PassPersistCodecSetTest, EndsAValueOfNetSnmp510ByTimeout) {
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 7"), "");
  EXPECT_EQ(ReplyToTimeout(), "DONE\n");
  EXPECT_EQ(Assignment().value, Value(Integer32{7}));
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 8"), "");
  EXPECT_EQ(ReplyToTimeout(), "DONE\n");
  EXPECT_EQ(Assignment().value, Value(Integer32{8}));
}

TEST_F(PassPersistCodecSetTest, TimeoutDependsOnAllEarlierInput) {
  for (const char* const part : {"s", "et\n.1.", "3.8.1\ninte", "ger", " 1"}) {
    EXPECT_EQ(Reply(part), "");
  }
  EXPECT_EQ(Reply("2"), "");
  EXPECT_EQ(ReplyToTimeout(), "DONE\n");
  EXPECT_EQ(Assignment().value, Value(Integer32{12}));
}

TEST_F(PassPersistCodecSetTest, RepliesOnceToAPausingPeer) {
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 7"), "");
  EXPECT_EQ(ReplyToTimeout(), "DONE\n");
  EXPECT_EQ(codec().ReadTimeout(), absl::InfiniteDuration());
  EXPECT_EQ(ReplyToTimeout(), "");
  EXPECT_THAT(peer_.requests(), SizeIs(1));
}

TEST_F(PassPersistCodecSetTest, WaitsForeverUnlessAValueIsIncomplete) {
  const absl::Duration forever = absl::InfiniteDuration();
  EXPECT_EQ(codec().ReadTimeout(), forever);
  for (const char* const part :
       {"PING\n", "PI", "NG\n", "get\n", ".1.3.8", "\n", "getnext\n.1", ".3\n",
        "DUMP", "\n", "unknown", "\n", "\n", "set\n", ".1.3", ".8\n"}) {
    Reply(part);
    EXPECT_EQ(codec().ReadTimeout(), forever) << part;
    EXPECT_EQ(ReplyToTimeout(), "");
  }
  Reply("integer 5");
  EXPECT_EQ(codec().ReadTimeout(), absl::Milliseconds(20));
  Reply("5");
  EXPECT_EQ(codec().ReadTimeout(), absl::Milliseconds(20));
  EXPECT_EQ(Reply("\n"), "DONE\n");
  EXPECT_EQ(codec().ReadTimeout(), forever);
}

TEST_F(PassPersistCodecSetTest, DoesNotWaitOnceThePeerHasOmittedANewline) {
  Reply("set\n.1.3.8.1\ninteger 7");
  EXPECT_EQ(codec().ReadTimeout(), absl::Milliseconds(20));
  ReplyToTimeout();
  Reply("set\n.1.3.8.1\ninteger 7");
  EXPECT_EQ(codec().ReadTimeout(), absl::ZeroDuration());
  ReplyToTimeout();
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
  EXPECT_EQ(codec().ReadTimeout(), absl::InfiniteDuration());
}

TEST_F(PassPersistCodecSetTest, WaitsForTheGivenTimeout) {
  PassPersistCodec::Options options;
  options.read_timeout = absl::Milliseconds(3);
  CodecPeer peer(std::make_unique<PassPersistCodec>(options), {}, &agent_);
  peer.Send("set\n.1.3.8.1\ninteger 7");
  EXPECT_EQ(peer.codec().ReadTimeout(), absl::Milliseconds(3));
}

// A peer that hangs after the name must not block the agent. A peer that writes
// line by line must not be answered before it has sent the value.
TEST_F(PassPersistCodecSetTest, WaitsLongerForAnEmptyValue) {
  EXPECT_EQ(Reply("PING\nset\n.1.3.8.1\n"), "PONG\n");
  EXPECT_EQ(codec().ReadTimeout(), absl::Seconds(1));
  EXPECT_EQ(Reply("integer 7\n"), "DONE\n");
  EXPECT_EQ(ReplyToTimeout(), "");
  EXPECT_EQ(Reply("set\n.1.3.8.1\n"), "");
  EXPECT_EQ(codec().ReadTimeout(), absl::Seconds(1));
  EXPECT_EQ(ReplyToTimeout(), "wrong-type\n");
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
}

TEST_F(PassPersistCodecSetTest,
       WaitsLongerForAnEmptyValueAlsoOnceNewlinesWereOmitted) {
  Reply("set\n.1.3.8.1\ninteger 7");
  EXPECT_EQ(ReplyToTimeout(), "DONE\n");
  Reply("set\n.1.3.8.1\n");
  EXPECT_EQ(codec().ReadTimeout(), absl::Seconds(1));
}

TEST_F(PassPersistCodecSetTest, ATimeoutWithoutAValueIsNotAnOmittedNewline) {
  Reply("set\n.1.3.8.1\n");
  ReplyToTimeout();
  Reply("set\n.1.3.8.1\ninteger 7");
  EXPECT_EQ(codec().ReadTimeout(), absl::Milliseconds(20));
}

TEST_F(PassPersistCodecSetTest, UnderstandsAPeerThatChangesItsDialect) {
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 1"), "");
  EXPECT_EQ(ReplyToTimeout(), "DONE\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 2\n"), "DONE\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 3\n\n"), "DONE\n");
  EXPECT_EQ(Reply("PING\nset\n.1.3.8.1\ninteger 4"), "PONG\n");
  EXPECT_EQ(ReplyToTimeout(), "DONE\n");
  EXPECT_THAT(peer_.requests(), SizeIs(4));
}

}  // namespace
}  // namespace passpersist_testing
