// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/value.h"
#include "transport/pass_persist/pass_persist_codec.h"

namespace passpersist_testing {
namespace {

using passpersist::Codec;
using passpersist::CodecHost;
using passpersist::Counter64;
using passpersist::Integer32;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::PassPersistCodec;
using passpersist::Request;
using passpersist::Response;
using passpersist::ValueOrException;

// Decodes messages and answers each with the same response. Reuses the memory
// of requests and output as a connection does.
class Conversation {
 public:
  explicit Conversation(ValueOrException value, bool early_pong = false)
      : codec_(Options(early_pong)) {
    codec_.Open(CodecHost{{{{1, 3}}, {{1, 3, 8}}}}, &out_);
    response_.bindings = {{{1, 3, 6, 1, 4, 1, 8072, 1, 0}, std::move(value)}};
  }

  // Returns the number of allocations of a round, after a few rounds.
  size_t AllocationsPerRound(const std::vector<std::string>& messages) {
    // Early PONGs begin in the fourth.
    constexpr int kRounds = 4;
    for (int i = 0; i < kRounds; ++i) Play(messages);
    const size_t before = AllocationCount();
    Play(messages);
    return AllocationCount() - before;
  }

  const std::string& last_reply() const { return out_; }

 private:
  static PassPersistCodec::Options Options(bool early_pong) {
    PassPersistCodec::Options options;
    options.early_pong = early_pong;
    return options;
  }

  void Play(const std::vector<std::string>& messages) {
    for (const std::string& message : messages) {
      out_.clear();
      absl::string_view in = message;
      while (*codec_.Decode(&in, &request_, &out_) ==
             Codec::Decoded::kRequest) {
        codec_.Encode(request_, response_, &out_);
      }
    }
  }

  PassPersistCodec codec_;
  Request request_;
  Response response_;
  std::string out_;
};

const char kPing[] = "PING\n";
const char kGet[] = "get\n.1.3.6.1.4.1.8072.1.0\n";
const char kGetNext[] = "getnext\n.1.3.6.1.4.1.8072.1\n";

TEST(PassPersistCodecAllocationTest, PingTakesNoMemory) {
  Conversation conversation(Integer32{5});
  EXPECT_EQ(conversation.AllocationsPerRound({kPing}), 0);
  EXPECT_EQ(conversation.last_reply(), "PONG\n");
}

TEST(PassPersistCodecAllocationTest, AWalkOverIntegersTakesNoMemory) {
  Conversation conversation(Integer32{-2147483647});
  EXPECT_EQ(conversation.AllocationsPerRound({kPing, kGetNext}), 0);
  EXPECT_EQ(conversation.last_reply(),
            ".1.3.6.1.4.1.8072.1.0\nINTEGER\n-2147483647\n");
}

TEST(PassPersistCodecAllocationTest, AWalkOverStringsTakesNoMemory) {
  Conversation conversation(OctetString{std::string(4094, 'x')});
  EXPECT_EQ(conversation.AllocationsPerRound({kPing, kGetNext}), 0);
  Conversation binary(OctetString{std::string(1365, '\0')});
  EXPECT_EQ(binary.AllocationsPerRound({kPing, kGetNext}), 0);
}

TEST(PassPersistCodecAllocationTest, GetAndGetNextByTurnsTakeNoMemory) {
  Conversation conversation(Counter64{18446744073709551615u});
  EXPECT_EQ(conversation.AllocationsPerRound({kPing, kGet, kPing, kGetNext}),
            0);
}

TEST(PassPersistCodecAllocationTest, AWalkOverLongNamesTakesNoMemory) {
  Conversation conversation(Integer32{5});
  const Oid name(std::vector<uint32_t>(Oid::kMaxArcs, 4294967295));
  EXPECT_EQ(conversation.AllocationsPerRound(
                {kPing, absl::StrCat("getnext\n", name.ToString(), "\n")}),
            0);
}

TEST(PassPersistCodecAllocationTest, ASetAndTheBytesAfterItTakeNoMemory) {
  Conversation conversation(Integer32{5});
  EXPECT_EQ(conversation.AllocationsPerRound(
                {kPing, "set\n.1.3.8.1\ninteger 5\n\n", kPing, kGet}),
            0);
  EXPECT_EQ(conversation.AllocationsPerRound(
                {kPing, "set\n.1.3.8.1\ninteger 5\nINTEGER\n\n"}),
            0);
  EXPECT_EQ(conversation.last_reply(), "wrong-type\n");
}

TEST(PassPersistCodecAllocationTest, AnEarlyPongTakesNoMemory) {
  Conversation conversation(Integer32{5}, /*early_pong=*/true);
  EXPECT_EQ(conversation.AllocationsPerRound({kPing, kGetNext}), 0);
  EXPECT_EQ(conversation.last_reply(),
            ".1.3.6.1.4.1.8072.1.0\nINTEGER\n5\nPONG\n");
  EXPECT_EQ(
      conversation.AllocationsPerRound({kPing, "set\n.1.3.8.1\ninteger 5\n\n"}),
      0);
  EXPECT_EQ(conversation.last_reply(), "DONE\nPONG\n");
}

TEST(PassPersistCodecAllocationTest, AnAbsentInstanceTakesNoMemory) {
  Conversation conversation{passpersist::Exception::kEndOfMibView};
  EXPECT_EQ(conversation.AllocationsPerRound({kPing, kGetNext}), 0);
  EXPECT_EQ(conversation.last_reply(), "NONE\n");
}

}  // namespace
}  // namespace passpersist_testing
