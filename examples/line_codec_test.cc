// SPDX-License-Identifier: Apache-2.0

#include "examples/line_codec.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/changes.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/testing/fake_transport.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"
#include "store/btree_store.h"

namespace {

using passpersist::AgentBuilder;
using passpersist::BtreeStore;
using passpersist::Changes;
using passpersist::ErrorStatus;
using passpersist::Integer32;
using passpersist::MakeSetter;
using passpersist::Notification;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Value;
using passpersist_testing::FakeTransport;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;

// Returns what an agent with two instances writes when `reads` arrive.
std::vector<std::string> Converse(std::vector<std::string> reads) {
  auto store = std::make_shared<BtreeStore>();
  Changes changes;
  changes.Put({1, 0}, Integer32{5});
  changes.Put({2, 0}, OctetString{"eth0"});
  EXPECT_THAT(store->Apply(changes), IsOk());
  std::vector<std::string> writes;
  AgentBuilder builder;
  builder.SetTransport(std::make_unique<FakeTransport>(reads, &writes))
      .SetCodec(std::make_unique<LineCodec>())
      .AddSubtree(Oid{1, 3}, store)
      .AddSetter(Oid{1, 3, 1}, MakeSetter([](const Oid&, const Value&) {
                   return ErrorStatus::kNoError;
                 }));
  EXPECT_THAT((*builder.Build())->Run(), IsOk());
  return writes;
}

TEST(LineCodecTest, AnswersALineByALine) {
  EXPECT_THAT(
      Converse({"get .1.3.1.0\n", "next .1.3.1.0\n", "get .1.3.9\n",
                "next .1.3.2.0\n"}),
      ElementsAre("serving .1.3\n", ".1.3.1.0 Integer32 5\n",
                  ".1.3.2.0 OctetString \"eth0\"\n", ".1.3.9 noSuchInstance\n",
                  ".1.3.2.0 endOfMibView\n"));
}

TEST(LineCodecTest, SetsAndSaysWhyNot) {
  EXPECT_THAT(Converse({"set .1.3.1.0 i 6\n", "get .1.3.1.0\n",
                        "set .1.3.1.0 s six\n", "set .1.3.2.0 s eth1\n"}),
              ElementsAre("serving .1.3\n", "ok\n", ".1.3.1.0 Integer32 6\n",
                          "error wrongType\n", "error notWritable\n"));
}

TEST(LineCodecTest, AnswersItselfWhatIsNotForTheHandler) {
  EXPECT_THAT(Converse({"instances\n", "hello\nget 1.x\n"}),
              ElementsAre("serving .1.3\n", "instances 2\n",
                          "error not a request\nerror not a request\n"));
}

TEST(LineCodecTest, ALineThatIsTooLongEndsTheConnection) {
  LineCodec codec;
  const std::string line(LineCodec::kMaxLine + 1, '1');
  absl::string_view in = line;
  passpersist::Request request;
  std::string out;
  EXPECT_THAT(codec.Decode(&in, &request, &out),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       "a line has more than 1024 bytes"));
}

TEST(LineCodecTest, NamesAValueThatIsTooLongToBeSent) {
  LineCodec codec;
  EXPECT_THAT(codec.CheckBinding({1, 3}, OctetString{std::string(1025, 'x')}),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr(".1.3 has")));
}

TEST(LineCodecTest, SendsANotificationAsALine) {
  LineCodec codec;
  std::string out;
  EXPECT_THAT(
      codec.EncodeNotification(
          Notification{{1, 3, 5}, "", {{{1, 3, 1, 0}, Integer32{5}}}}, &out),
      IsOk());
  EXPECT_EQ(out, "trap .1.3.5, .1.3.1.0 Integer32 5\n");
}

}  // namespace
