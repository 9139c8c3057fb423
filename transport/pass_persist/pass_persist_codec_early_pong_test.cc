// SPDX-License-Identifier: Apache-2.0
//
// PONGs that are sent before their PING.

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/codec.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/pass_persist/testing/pass_persist_codec_rules.h"
#include "transport/pass_persist/testing/pass_persist_codec_test_fixture.h"
#include "transport/testing/codec_conformance_peer.h"

namespace passpersist_testing {
namespace {

using passpersist::ErrorStatus;
using passpersist::ObjectIdentifier;
using passpersist::PassPersistCodec;
using passpersist::Regions;

const char kPing[] = "PING\n";
const char kPong[] = "PONG\n";
const char kGet[] = "get\n.1.3.1.0\n";
const char kGot[] = ".1.3.1.0\nINTEGER\n5\n";
const char kGotAndPong[] = ".1.3.1.0\nINTEGER\n5\nPONG\n";
const char kSet[] = "set\n.1.3.8.1\ninteger 1000000\n";

class PassPersistCodecEarlyPongTest : public PassPersistCodecTest {
 protected:
  PassPersistCodecEarlyPongTest() : PassPersistCodecTest(/*early_pong=*/true) {}

  // Sends the requests after which PONGs are sent early.
  void Begin() {
    for (int i = 0; i < 3; ++i) {
      ASSERT_EQ(Reply(kPing), kPong);
      ASSERT_EQ(Reply(kGet), kGot);
    }
    ASSERT_EQ(Reply(kPing), kPong);
    ASSERT_EQ(Reply(kGet), kGotAndPong);
  }
};

TEST_F(PassPersistCodecEarlyPongTest, FollowsTheAnswerAfterThreeRequests) {
  Begin();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Reply(kPing), "");
    EXPECT_EQ(Reply(kGet), kGotAndPong);
  }
}

TEST_F(PassPersistCodecEarlyPongTest, FollowsEachKindOfAnswer) {
  agent_.values[{1, 3, 3}] = ObjectIdentifier{{1, 3}};
  Begin();
  for (const auto& [request, answer] :
       std::vector<std::pair<std::string, std::string>>{
           {"getnext\n.1.3.1.0\n", ".1.3.2.0\nSTRING\neth0\n"},
           {"get\n.1.3.3\n", ".1.3.3\nOBJECTID\n.1.3\n"},
           {"getnext\n.1.3.3\n", "NONE\n"},
           {"get\n.1.3.7.0\n", "NONE\n"},
           {"get\n.1.3.8.1\n", ".1.3.8.1\nnull\n\n"},
           {"Get\r\n.1.3.01.0\r\n", kGot},
           {kSet, "DONE\n"},
           {absl::StrCat(kSet, "\n"), "DONE\n"},
           {kGet, kGot}}) {
    EXPECT_EQ(Reply(kPing), "");
    EXPECT_EQ(Reply(request), absl::StrCat(answer, kPong));
  }
  agent_.set_answer = ErrorStatus::kCommitFailed;
  EXPECT_EQ(Reply(kPing), "");
  EXPECT_EQ(Reply(kSet), "commit-failed\nPONG\n");
}

TEST_F(PassPersistCodecEarlyPongTest, WorksIfPingAndRequestComeTogether) {
  Begin();
  EXPECT_EQ(Reply(absl::StrCat(kPing, kGet)), kGotAndPong);
  EXPECT_EQ(Reply(absl::StrCat(kPing, kGet, kPing, kGet, kPing)),
            absl::StrCat(kGotAndPong, kGotAndPong));
  EXPECT_EQ(Reply(kGet), kGotAndPong);
}

TEST_F(PassPersistCodecEarlyPongTest, IsNeverTwoPongsAhead) {
  Begin();
  EXPECT_EQ(Reply(kPing), "");
  EXPECT_EQ(Reply(kPing), kPong);
  EXPECT_EQ(Reply(kPing), kPong);
  // As at the beginning, after three requests with one PING each.
  EXPECT_EQ(Reply(kGet), kGot);
  EXPECT_EQ(Reply(absl::StrCat(kPing, kGet, kPing, kGet)),
            absl::StrCat(kPong, kGot, kPong, kGot));
  EXPECT_EQ(Reply(absl::StrCat(kPing, kGet)), absl::StrCat(kPong, kGotAndPong));
}

TEST_F(PassPersistCodecEarlyPongTest, NeedsThreeRequestsWithOnePingEach) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(Reply(absl::StrCat(kPing, kGet, kPing, kGet, kPing, kPing, kGet)),
              absl::StrCat(kPong, kGot, kPong, kGot, kPong, kPong, kGot));
  }
}

TEST_F(PassPersistCodecEarlyPongTest, EndsAtTheFirstRequestWithoutPing) {
  Begin();
  EXPECT_EQ(Reply(kGet), kGot);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Reply(kPing), kPong);
    EXPECT_EQ(Reply(kGet), kGot);
  }
}

TEST_F(PassPersistCodecEarlyPongTest, EndsAtAnUnknownCommandWithoutPing) {
  Begin();
  EXPECT_EQ(Reply("what\n"), "NONE\n");
  EXPECT_EQ(Reply(kPing), kPong);
  EXPECT_EQ(Reply(kGet), kGot);
}

TEST_F(PassPersistCodecEarlyPongTest, NeverBeginsForAPeerThatPingsOnce) {
  EXPECT_EQ(Reply(kPing), kPong);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(Reply(kGet), kGot);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Reply(kPing), kPong);
    EXPECT_EQ(Reply(kGet), kGot);
  }
}

TEST_F(PassPersistCodecEarlyPongTest, IsNotSentByWhatTheCodecAnswers) {
  Begin();
  for (const auto& [message, answer] :
       std::vector<std::pair<std::string, std::string>>{
           {"get\nsysName\n", "NONE\n"},
           {"getnext\n\n", "NONE\n"},
           {"what\n", "NONE\n"},
           {"set\n.1.3.8.1\ncounter64 5\n", "wrong-type\n"},
           {absl::StrCat(kSet, "INTEGER\n\n"), "wrong-type\n"},
           {"DUMP\n",
            "{'1.0': {'type': 'INTEGER', 'value': '5'},\n"
            " '2.0': {'type': 'STRING', 'value': 'eth0'}}\n"}}) {
    EXPECT_EQ(Reply(kPing), "");
    EXPECT_EQ(Reply(message), answer);
    EXPECT_EQ(Reply(kPing), kPong) << message;
    EXPECT_EQ(Reply(kGet), kGotAndPong);
  }
}

// snmpd 5.10 sends no newline after a set.
TEST_F(PassPersistCodecEarlyPongTest, FollowsASetThatEndsByTimeout) {
  Begin();
  EXPECT_EQ(Reply(kPing), "");
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 7"), "");
  EXPECT_EQ(ReplyToTimeout(), "DONE\nPONG\n");
  EXPECT_EQ(Reply(absl::StrCat(kPing, kGet)), kGotAndPong);
}

TEST_F(PassPersistCodecEarlyPongTest,
       OfASetIsForThePingAfterTheBytesThatFollow) {
  Begin();
  EXPECT_EQ(Reply(kPing), "");
  EXPECT_EQ(Reply(kSet), "DONE\nPONG\n");
  EXPECT_EQ(Reply("INTEGER\n\n"), "");
  EXPECT_EQ(Reply("\x10\xe3"), "");
  EXPECT_EQ(Reply(kPing), "");
  EXPECT_EQ(Reply(kGet), kGotAndPong);
}

TEST_F(PassPersistCodecEarlyPongTest, IsOneForEachPingInEverySplit) {
  std::string conversation;
  std::string replies;
  for (int i = 0; i < 5; ++i) {
    absl::StrAppend(&conversation, kPing, kGet);
    absl::StrAppend(&replies, i < 4 ? kPong : "", i < 3 ? kGot : kGotAndPong);
  }
  for (size_t a = 0; a <= conversation.size(); ++a) {
    for (size_t b = a; b <= conversation.size(); ++b) {
      CodecPeer peer(std::make_unique<PassPersistCodec>(),
                     Regions{{{1, 3}}, {}}, &agent_);
      peer.Send(absl::string_view(conversation).substr(0, a));
      peer.Send(absl::string_view(conversation).substr(a, b - a));
      peer.Send(absl::string_view(conversation).substr(b));
      ASSERT_EQ(peer.output(), replies) << "split at " << a << " and " << b;
    }
  }
}

TEST(PassPersistCodecEarlyPongRulesTest, GiveEachMessageOfSnmpdOneAnswer) {
  SnmpdPeer snmpd;
  for (int i = 0; i < 5; ++i) {
    snmpd.Ask({kGet});
    snmpd.Ask({kSet});
    snmpd.Ask({absl::StrCat(kSet, "INTEGER\n\n")});
    snmpd.Ask({kSet, "INTEGER\n"});
    snmpd.Ask({"set\n.1.3.8.1\ninteger 7"});
    snmpd.Ask({"set\n.1.3.8.1\n"});
  }
}

}  // namespace
}  // namespace passpersist_testing
