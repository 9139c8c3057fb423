// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_TESTING_CODEC_CONFORMANCE_TEST_LIB_H_
#define TRANSPORT_TESTING_CODEC_CONFORMANCE_TEST_LIB_H_

#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/codec.h"
#include "transport/testing/codec_conformance_peer.h"
#include "transport/testing/codec_conformance_rules.h"

namespace passpersist_testing {

// What a peer says on one connection, from its first byte: behind each piece it
// falls silent, for longer than the codec waits. Most need one piece only.
using Conversation = std::vector<std::string>;

struct CodecUnderTest {
  passpersist::CodecFactory make_codec;

  // Each is understood to its last byte. Together they should have every kind
  // of message. Short ones are best: the suite changes each byte, and tries
  // each place to stop.
  //
  // In a protocol in which the agent speaks first the peer's answers are part
  // of the bytes; they don't wait for the agent.
  std::vector<Conversation> conversations;

  // What the codec is told to serve. Names in the conversations should lie at
  // and below the values of ConformanceAgent(), which the suite serves.
  passpersist::Regions regions = {{ConformanceRoot()}, {ConformanceRoot()}};
  // For the bytes of SurvivesRandomBytesHoweverTheyAreSplit.
  Cuts cuts = Cuts::kChangeNothing;

  friend std::ostream& operator<<(std::ostream& os, const CodecUnderTest& c);
};

// What every Codec does, as tests. A codec of your own passes them by
//
//   #include "transport/testing/codec_conformance_test_lib.h"
//
//   namespace passpersist_testing {
//   namespace {
//
//   INSTANTIATE_TEST_SUITE_P(
//       MyCodec, CodecConformanceTest,
//       testing::Values(CodecUnderTest{
//           [] { return std::make_unique<MyCodec>(); },
//           {{"get .1.3.6.1.4.1.8072.9999.9999.1.0\n"},
//            {"bye\n"}}}));
//
//   }  // namespace
//   }  // namespace passpersist_testing
//
// in a cc_test with the dependencies
//
//   "//transport:codec_conformance_test_lib",
//   "@com_google_googletest//:gtest_main",
//
// They say nothing about what the bytes mean. They say that it doesn't depend
// on how the bytes arrive, that a request is taken whole and nothing behind it,
// and that whatever a peer sends, the codec lives, ends its work and doesn't
// say more than it was asked. Run them under the address sanitizer too.
class CodecConformanceTest : public testing::TestWithParam<CodecUnderTest> {
 protected:
  CodecConformanceTest();

  // A new connection.
  std::unique_ptr<CodecPeer> Connect() const;

  // One on which `conversation` was held, each piece said at once.
  std::unique_ptr<CodecPeer> Hold(const Conversation& conversation) const;

  const ModelAgent agent_;
};

// All pieces together.
std::string Joined(const Conversation& conversation);

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_CODEC_CONFORMANCE_TEST_LIB_H_
