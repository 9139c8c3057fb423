// SPDX-License-Identifier: Apache-2.0
//
// The bytes that snmpd sends after the value of a set.

#include <cstddef>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "transport/pass_persist/testing/pass_persist_codec_rules.h"
#include "transport/pass_persist/testing/pass_persist_codec_test_fixture.h"

namespace passpersist_testing {
namespace {

using passpersist::Integer32;
using passpersist::Set;
using passpersist::Value;
using testing::IsEmpty;
using testing::SizeIs;

const char kPing[] = "PING\n";
const char kGet[] = "get\n.1.3.1.0\n";
const char kGot[] = ".1.3.1.0\nINTEGER\n5\n";
const char kSet[] = "set\n.1.3.8.1\ninteger 1000000\n";

using PassPersistCodecGarbageTest = PassPersistCodecTest;

// Debian's 5.9.3 sends two newlines at the end, 5.9.4 and 5.9.5.2 one.
TEST_F(PassPersistCodecGarbageTest, IsATypeLineAfterATextOf15Bytes) {
  for (const char* const text :
       {"integer 1000000", "string \"before\"", "gauge 100000000",
        "timeticks 10000", "octet \"01 02 03\"", "objectid \".1.3\""}) {
    for (const char* const garbage : {"\nINTEGER\n\n", "\nINTEGER\n"}) {
      EXPECT_EQ(Reply(kPing), "PONG\n");
      EXPECT_EQ(Reply(absl::StrCat("set\n.1.3.8.1\n", text, garbage)),
                "wrong-type\n");
    }
  }
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply(kSet), "DONE\n");
  EXPECT_THAT(peer_.requests(), SizeIs(1));
}

TEST_F(PassPersistCodecGarbageTest, MakesEveryValueThatOfAnEarlierSet) {
  for (const char* const text :
       {"integer 5", "integer x", "string \"cut", "", "counter64 5"}) {
    EXPECT_EQ(Reply(kPing), "PONG\n");
    EXPECT_EQ(Reply(absl::StrCat("set\n.1.3.8.1\n", text, "\nINTEGER")),
              "wrong-type\n");
  }
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply("set\nsysName\ninteger 5\nINTEGER\n"), "wrong-type\n");
  EXPECT_THAT(peer_.requests(), IsEmpty());
}

TEST_F(PassPersistCodecGarbageTest, ThatComesInALaterReadIsDropped) {
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply(kSet), "DONE\n");
  EXPECT_EQ(Reply("INTEGER\n"), "");
  EXPECT_EQ(Reply("\n"), "");
  EXPECT_EQ(Reply(".1.3.6\nINTEGER\n\n"), "");
  EXPECT_EQ(Reply(absl::StrCat(kPing, kGet)), absl::StrCat("PONG\n", kGot));
}

TEST_F(PassPersistCodecGarbageTest, IsDroppedForAnyText) {
  for (const char* const garbage :
       {kGet, kSet, "getnext\n.1.3\n", "DUMP\n", "NONE\n", "PONG\n", "DONE\n",
        "PING it\n", "get\n", "set\n", "set\n.1.3.8\n", "hello\n\xff\x01\n",
        "e1 e2\ne3\n.1.3.6.1\nINTEGER\n", " \n", "\x7f"}) {
    EXPECT_EQ(Reply(kPing), "PONG\n");
    EXPECT_EQ(Reply(absl::StrCat(kSet, garbage)), "wrong-type\n") << garbage;
  }
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply(absl::StrCat(kSet, absl::string_view("\0PONG\n\0", 7))),
            "wrong-type\n");
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_THAT(peer_.requests(), IsEmpty());
}

TEST_F(PassPersistCodecGarbageTest, IsNotTheCommandOfAScriptThatAwaitsAnswers) {
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply(kSet), "DONE\n");
  EXPECT_EQ(Reply(kGet), kGot);
  EXPECT_EQ(Reply(kSet), "DONE\n");
  EXPECT_EQ(Reply(kGet), kGot);
}

TEST_F(PassPersistCodecGarbageTest, IsDroppedFromItsSecondLineForAnyText) {
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply(kSet), "DONE\n");
  EXPECT_EQ(Reply("INTEGER\n"), "");
  EXPECT_EQ(Reply(kGet), "");
  EXPECT_EQ(Reply("g"), "");
  EXPECT_EQ(Reply("et\n"), "");
  EXPECT_EQ(Reply(absl::StrCat(kPing, kGet)), absl::StrCat("PONG\n", kGot));
}

// As 5.10 would send it.
TEST_F(PassPersistCodecGarbageTest, WithoutNewlineIsDroppedAtATimeout) {
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\nstring \"before\"\nINTEGER"), "wrong-type\n");
  EXPECT_EQ(codec().ReadTimeout(), absl::Milliseconds(20));
  EXPECT_EQ(ReplyToTimeout(), "");
  EXPECT_EQ(peer_.pending_input(), "");
  EXPECT_EQ(codec().ReadTimeout(), absl::InfiniteDuration());
  EXPECT_EQ(Reply(absl::StrCat(kPing, kGet)), absl::StrCat("PONG\n", kGot));
}

TEST_F(PassPersistCodecGarbageTest, WithoutNewlineEndsAtAPing) {
  for (const char* const garbage :
       {"INTEGER", "P", "PIN", "PING", "pinging "}) {
    EXPECT_EQ(Reply(kPing), "PONG\n");
    EXPECT_EQ(Reply(absl::StrCat(kSet, "INTEGER\n")), "wrong-type\n");
    EXPECT_EQ(Reply(garbage), "");
    EXPECT_EQ(Reply(absl::StrCat(kPing, kGet)), absl::StrCat("PONG\n", kGot));
  }
}

TEST_F(PassPersistCodecGarbageTest, KeepsAPingThatATimeoutInterrupts) {
  for (size_t cut = 1; cut < 5; ++cut) {
    EXPECT_EQ(Reply(kPing), "PONG\n");
    EXPECT_EQ(Reply(kSet), "DONE\n");
    EXPECT_EQ(Reply(absl::StrCat("INTEGER\n.1", std::string(kPing, cut))), "");
    EXPECT_EQ(ReplyToTimeout(), "");
    EXPECT_EQ(codec().ReadTimeout(), absl::InfiniteDuration());
    EXPECT_EQ(Reply(kPing + cut), cut < 4 ? "PONG\n" : "");
  }
}

TEST_F(PassPersistCodecGarbageTest, IsNotAPingThatFollowsAtOnce) {
  EXPECT_EQ(Reply(absl::StrCat(kPing, kSet, kPing, kSet, "\n", kPing, kGet)),
            absl::StrCat("PONG\nDONE\nPONG\nDONE\nPONG\n", kGot));
  for (const char* const part : {"\r\n\nP", "\nPING", "PI", "ping\r"}) {
    EXPECT_EQ(Reply(kPing), "PONG\n");
    EXPECT_EQ(Reply(absl::StrCat(kSet, part)), "DONE\n");
  }
}

TEST_F(PassPersistCodecGarbageTest, IsDroppedForAnyLength) {
  for (const size_t size : {100, 5'000, 100'000, 1'000'000}) {
    EXPECT_EQ(Reply(kPing), "PONG\n");
    EXPECT_EQ(Reply(kSet), "DONE\n");
    EXPECT_EQ(Reply(std::string(size, 'x')), "");
    EXPECT_LE(peer_.pending_input().size(), 64 << 10);
    EXPECT_EQ(Reply(kPing), "PONG\n") << size;
    EXPECT_EQ(Reply(kSet), "DONE\n");
    EXPECT_EQ(Reply(absl::StrCat(std::string(size, 'x'), "\n", kPing)),
              "PONG\n");
    EXPECT_EQ(Reply(kSet), "DONE\n");
    EXPECT_EQ(Reply(absl::StrCat(std::string(size, 'x'), kPing)), "PONG\n");
  }
}

TEST_F(PassPersistCodecGarbageTest, IsNotGarbageForAPeerThatSendsPingOnce) {
  EXPECT_EQ(Reply(absl::StrCat(kPing, kGet, kGet)),
            absl::StrCat("PONG\n", kGot, kGot));
  EXPECT_EQ(Reply(absl::StrCat(kSet, "what\n", kGet, kSet, kGet)),
            absl::StrCat("DONE\nNONE\n", kGot, "DONE\n", kGot));
  // The mode is permanent.
  EXPECT_EQ(Reply(absl::StrCat(kPing, kSet, kPing, kSet, kGet, "what\n")),
            absl::StrCat("PONG\nDONE\nPONG\nDONE\n", kGot, "NONE\n"));
}

TEST_F(PassPersistCodecGarbageTest, IsNotGarbageForAPeerThatSendsNoPing) {
  EXPECT_EQ(Reply(absl::StrCat(kSet, "what\n", kSet)), "DONE\nNONE\nDONE\n");
}

TEST_F(PassPersistCodecGarbageTest, IsACommandAfterATimeout) {
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply(kSet), "DONE\n");
  EXPECT_EQ(codec().ReadTimeout(), absl::Milliseconds(20));
  EXPECT_EQ(ReplyToTimeout(), "");
  EXPECT_EQ(codec().ReadTimeout(), absl::InfiniteDuration());
  EXPECT_EQ(Reply("what\n"), "");
  EXPECT_EQ(Reply(kGet), kGot);
  EXPECT_EQ(Reply(absl::StrCat(kSet, "what\n")), "DONE\nNONE\n");
}

TEST_F(PassPersistCodecGarbageTest, IsDroppedAfterATimeoutUnlessItIsACommand) {
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\ninteger 7"), "");
  EXPECT_EQ(ReplyToTimeout(), "DONE\n");
  EXPECT_EQ(Reply("INTEGER\n\nwhat\n"), "");
  EXPECT_EQ(Reply(kPing), "PONG\n");
}

// snmpd 5.8 to 5.9.3 then waits for a request, so poll(2) is unnecessary.
TEST_F(PassPersistCodecGarbageTest, NeedsNoTimeoutAfterABlankLine) {
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply(absl::StrCat(kSet, "\n")), "DONE\n");
  EXPECT_EQ(codec().ReadTimeout(), absl::InfiniteDuration());
}

TEST_F(PassPersistCodecGarbageTest, MayComeWithoutAValue) {
  EXPECT_EQ(Reply(kPing), "PONG\n");
  // Debian's 5.9.4 and 5.9.5.2 start with an empty buffer.
  EXPECT_EQ(Reply("set\n.1.3.8.1\n"), "");
  EXPECT_EQ(codec().ReadTimeout(), absl::Seconds(1));
  EXPECT_EQ(ReplyToTimeout(), "wrong-type\n");
  EXPECT_EQ(Reply(kPing), "PONG\n");
  for (const char byte : absl::string_view("set\n.1.3.8.1\n")) {
    EXPECT_EQ(Reply(absl::string_view(&byte, 1)), "");
  }
  EXPECT_EQ(codec().ReadTimeout(), absl::Seconds(10));
  EXPECT_EQ(ReplyToTimeout(), "wrong-type\n");
  EXPECT_EQ(Reply(kPing), "PONG\n");
}

// The buffer of 5.7.3 then holds the name.
TEST_F(PassPersistCodecGarbageTest, CanBeTheName) {
  EXPECT_EQ(Reply(kPing), "PONG\n");
  EXPECT_EQ(Reply("set\n.1.3.8.1\n.1.3.8.1"), "");
  EXPECT_EQ(ReplyToTimeout(), "wrong-type\n");
  EXPECT_EQ(Reply(kPing), "PONG\n");
}

// --- One answer for each message ---

// The text of an earlier set, and possible contents of the stack after it.
const char* const kTexts[] = {
    "",  "\xe8\x18\xf4\x90P\x7f",   "integer 1000000",     "string \"before\"",
    "?", "string \"PINGPINGPING\"", "integer 10000000INT", "get"};
const char* const kGarbage[] = {"",
                                "INTEGER\n",
                                "get\n.1.3.6.1.3.53.8.1.0\n",
                                ".1.3.6.1.3.53.8.1.0\nINTEGER\n5\n",
                                "DUMP\nset\n.1.3\ninteger 5\nNONE",
                                "01 02\n\n\n03 04"};

TEST(PassPersistCodecAnswersTest, AreOneForEachSetInEverySplit) {
  for (const char* const text : kTexts) {
    for (const char* const garbage : kGarbage) {
      for (const char* const end : {"\n", "\n\n", ""}) {
        const std::string set =
            *garbage == '\0'
                ? absl::StrCat("set\n.1.3.8.1\n", text, end)
                : absl::StrCat("set\n.1.3.8.1\n", text, "\n", garbage, end);
        SCOPED_TRACE(absl::CHexEscape(set));
        for (size_t a = 0; a <= set.size(); ++a) {
          for (size_t b = a; b <= set.size(); ++b) {
            ExpectOneAnswer(
                {set.substr(0, a), set.substr(a, b - a), set.substr(b)});
          }
        }
        std::vector<std::string> bytes;
        for (const char byte : set) bytes.emplace_back(1, byte);
        ExpectOneAnswer(bytes);
        if (testing::Test::HasFailure()) return;
      }
    }
  }
}

TEST(PassPersistCodecAnswersTest, AreOneForEachMessageOfRandomBytes) {
  constexpr uint32_t kSeed = 1157;
  std::mt19937 random(kSeed);
  for (int round = 0; round < 20'000; ++round) {
    SnmpdPeer snmpd;
    for (size_t left = 1 + random() % 4; left > 0; --left) {
      std::string value;
      for (size_t size = random() % 30; size > 0; --size) {
        value.push_back("\n\nPINGgetsx\xff\r\" \0"[random() % 17]);
      }
      std::vector<std::string> reads(1);
      for (const char byte : absl::StrCat("set\n.1.3.8.1\n", value)) {
        if (random() % 8 == 0) reads.emplace_back();
        reads.back().push_back(byte);
      }
      if (HasPing(value) || HasCommand(reads)) continue;
      snmpd.Ask(reads);
    }
    if (testing::Test::HasFailure()) FAIL() << "round " << round;
  }
}

TEST(PassPersistCodecAnswersTest, IsOneForAGetThatNetSnmp57Cuts) {
  const std::string name = absl::StrCat(".1.3", std::string(1'500, '1'));
  for (const char* const command : {"get\n", "getnext\n"}) {
    ExpectOneAnswer({absl::StrCat(command, name).substr(0, 1023)});
  }
}

}  // namespace
}  // namespace passpersist_testing
