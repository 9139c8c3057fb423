// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/codec.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/pass_persist/testing/pass_persist_codec_test_fixture.h"
#include "transport/testing/codec_conformance_peer.h"

namespace passpersist_testing {
namespace {

using passpersist::CodecHost;
using passpersist::Integer32;
using passpersist::PassPersistCodec;
using passpersist::Regions;
using passpersist::Request;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;
using Decoded = passpersist::Codec::Decoded;

// Far more than the longest line that the codec keeps.
constexpr size_t kFarTooLong = 1 << 20;

TEST_F(PassPersistCodecTest, AnswersCommandsThatArriveTogetherInOrder) {
  EXPECT_EQ(Reply("PING\nget\n.1.3.1.0\nPING\ngetnext\n.1.3.1.0\n"
                  "what\nset\n.1.3.8\ninteger 5\n\nget\nx\nPING\n"),
            "PONG\n.1.3.1.0\nINTEGER\n5\nPONG\n.1.3.2.0\nSTRING\neth0\n"
            "NONE\nDONE\nNONE\nPONG\n");
}

TEST(PassPersistCodecStreamTest, APingIsAMessageOfItsOwnWhileItIsObserved) {
  std::atomic<bool> is_observed = true;
  CodecHost host;
  host.is_observed = &is_observed;
  PassPersistCodec codec;
  std::string out;
  codec.Open(host, &out);
  Request request;
  absl::string_view in = "PING\nget\n.1.3.1.0\nPING\nget\n.1.3.1.0\nPING\nget";
  EXPECT_EQ(codec.Decode(&in, &request, &out).value(), Decoded::kConsumed);
  EXPECT_THAT(in, StartsWith("get"));
  EXPECT_EQ(codec.Decode(&in, &request, &out).value(), Decoded::kRequest);

  is_observed = false;
  EXPECT_EQ(codec.Decode(&in, &request, &out).value(), Decoded::kRequest);
  EXPECT_EQ(in, "PING\nget");
  EXPECT_EQ(codec.Decode(&in, &request, &out).value(), Decoded::kIncomplete);
  EXPECT_EQ(in, "get");
  EXPECT_EQ(out, "PONG\nPONG\nPONG\n");
  in = "PING\n";
  EXPECT_EQ(codec.Decode(&in, &request, &out).value(), Decoded::kConsumed);
}

TEST_F(PassPersistCodecTest, AnswersACommandOnceItIsComplete) {
  for (const char* const part : {"g", "et", "\n.1", ".3.1.0"}) {
    EXPECT_EQ(Reply(part), "");
  }
  EXPECT_EQ(Reply("\n"), ".1.3.1.0\nINTEGER\n5\n");
}

TEST_F(PassPersistCodecTest, GivesOneReplyToEachCommandInEverySplit) {
  const absl::string_view conversation =
      "PING\nget\n.1.3.1.0\nset\n.1.3.8\ninteger 5\n\nwhat\nget\n\nPING\n";
  const absl::string_view replies =
      "PONG\n.1.3.1.0\nINTEGER\n5\nDONE\nNONE\nNONE\nPONG\n";
  for (size_t a = 0; a <= conversation.size(); ++a) {
    for (size_t b = a; b <= conversation.size(); ++b) {
      std::string received = Reply(conversation.substr(0, a));
      received += Reply(conversation.substr(a, b - a));
      received += Reply(conversation.substr(b));
      ASSERT_EQ(received, replies) << "split at " << a << " and " << b;
    }
  }
}

TEST_F(PassPersistCodecTest, AnswersNoneToAnOverlongCommand) {
  EXPECT_EQ(Reply(std::string(kFarTooLong, 'x')), "");
  EXPECT_EQ(Reply("\nPING\n"), "NONE\nPONG\n");
  EXPECT_EQ(Reply(std::string(kFarTooLong, ' ') + "PING\n"), "NONE\n");
  EXPECT_EQ(Reply(std::string(kFarTooLong, 'x') + "\nPING\n"), "NONE\nPONG\n");
}

TEST_F(PassPersistCodecTest, AnswersNoneToAnOverlongName) {
  const std::string name = absl::StrCat(".1", std::string(kFarTooLong, '1'));
  EXPECT_EQ(Reply(absl::StrCat("get\n", name, "\nPING\n")), "NONE\nPONG\n");
  EXPECT_EQ(Reply("getnext\n"), "");
  EXPECT_EQ(Reply(name), "");
  EXPECT_EQ(Reply("\nPING\n"), "NONE\nPONG\n");
}

TEST_F(PassPersistCodecTest, RefusesAnOverlongNameOrValueToSet) {
  const std::string value =
      absl::StrCat("string \"", std::string(kFarTooLong, 'x'), "\"");
  EXPECT_EQ(Reply(absl::StrCat("set\n.1", std::string(kFarTooLong, '1'),
                               "\ninteger 5\nPING\n")),
            "not-writable\nPONG\n");
  EXPECT_EQ(Reply(absl::StrCat("set\n.1.3.8\n", value, "\nPING\n")),
            "wrong-type\nPONG\n");
  EXPECT_EQ(Reply("set\n.1.3.8\n"), "");
  EXPECT_EQ(Reply(value), "");
  EXPECT_EQ(Reply("\nPING\n"), "wrong-type\nPONG\n");
  EXPECT_THAT(peer_.requests(), IsEmpty());
}

TEST_F(PassPersistCodecTest, RefusesAnOverlongValueThatEndsByTimeout) {
  EXPECT_EQ(Reply("set\n.1.3.8\n"), "");
  EXPECT_EQ(Reply(std::string(kFarTooLong, 'x')), "");
  EXPECT_EQ(codec().ReadTimeout(), absl::Milliseconds(20));
  EXPECT_EQ(ReplyToTimeout(), "wrong-type\n");
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
}

TEST_F(PassPersistCodecTest, KeepsLittleOfALineWithoutEnd) {
  size_t most = 0;
  for (int i = 0; i < 1000; ++i) {
    Reply(std::string(10'000, 'x'));
    most = std::max(most, peer_.pending_input().size());
  }
  EXPECT_LE(most, 80'000);
  EXPECT_EQ(Reply("\nPING\n"), "NONE\nPONG\n");
}

TEST_F(PassPersistCodecTest, UnderstandsALineOfManyTimesTheLengthSnmpdSends) {
  const std::string blanks(50'000, ' ');
  EXPECT_EQ(Reply(absl::StrCat("PING", blanks, "\n")), "PONG\n");
}

class PassPersistCodecDumpTest : public PassPersistCodecTest {
 protected:
  void ServeRows(uint32_t count) {
    agent_.values.clear();
    for (uint32_t i = 0; i < count; ++i) {
      agent_.values[{1, 3, i}] = Integer32{static_cast<int32_t>(i)};
    }
  }
};

TEST_F(PassPersistCodecDumpTest, DumpsNamesRelativeToTheOnlySubtree) {
  agent_.labels[{1, 3, 2, 0}] = "name";
  EXPECT_EQ(Reply("DUMP\n"),
            "{'1.0': {'type': 'INTEGER', 'value': '5'},\n"
            " '2.0': {'label': 'name', 'type': 'STRING', 'value': 'eth0'}}\n");
}

TEST_F(PassPersistCodecDumpTest, DumpsAbsoluteNamesOfSeveralSubtrees) {
  ModelAgent agent;
  agent.values = {{{1, 3, 1, 0}, Integer32{5}}, {{1, 4, 1}, Integer32{6}}};
  CodecPeer peer(std::make_unique<PassPersistCodec>(),
                 Regions{{{1, 3}, {1, 4}}, {}}, &agent);
  peer.Send("DUMP\n");
  EXPECT_EQ(peer.output(),
            "{'.1.3.1.0': {'type': 'INTEGER', 'value': '5'},\n"
            " '.1.4.1': {'type': 'INTEGER', 'value': '6'}}\n");
}

TEST_F(PassPersistCodecDumpTest, DumpsNothingAsAnEmptyDictionary) {
  ServeRows(0);
  EXPECT_EQ(Reply("DUMP\nPING\n"), "{}\nPONG\n");
}

TEST_F(PassPersistCodecDumpTest, DumpsAllOfALargeTablePageByPage) {
  for (const uint32_t rows : {255, 256, 257, 512, 1000}) {
    ServeRows(rows);
    std::string expected;
    for (uint32_t i = 0; i < rows; ++i) {
      absl::StrAppend(&expected, i == 0 ? "{'" : ",\n '", i,
                      "': {'type': 'INTEGER', 'value': '", i, "'}");
    }
    EXPECT_EQ(Reply("DUMP\nPING\n"), absl::StrCat(expected, "}\nPONG\n"));
  }
  EXPECT_GT(peer_.requests().size(), 10);
}

TEST_F(PassPersistCodecDumpTest, AnswersRequestsDuringADumpAfterIt) {
  ServeRows(600);
  const std::string received = Reply("DUMP\nget\n.1.3.5\nDUMP\nPING\n");
  EXPECT_THAT(received, HasSubstr("}\n.1.3.5\nINTEGER\n5\n{'0': "));
  EXPECT_THAT(received, EndsWith("'value': '599'}}\nPONG\n"));
  EXPECT_EQ(Reply("PING\n"), "PONG\n");
}

}  // namespace
}  // namespace passpersist_testing
