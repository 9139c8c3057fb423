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

// The bytes that a peer sends on one connection, from its first byte. After
// each piece the peer pauses for longer than the codec's read timeout. Most
// conversations need one piece only.
using Conversation = std::vector<std::string>;

struct CodecUnderTest {
  passpersist::CodecFactory make_codec;

  // The codec must understand each conversation to its last byte. Together they
  // should contain every kind of message. Short conversations are best: the
  // suite changes each byte, and stops at each position.
  //
  // In a protocol in which the agent sends first, the peer's answers are part
  // of the bytes; the peer sends them without waiting for the agent.
  std::vector<Conversation> conversations;

  // The regions given to the codec. The names in the conversations should be
  // those of instances of ConformanceAgent(), which the suite serves, or names
  // below them.
  passpersist::Regions regions = {{ConformanceRoot()}, {ConformanceRoot()}};
  // What may differ when the same random bytes arrive in other pieces (see
  // SurvivesRandomBytesHoweverTheyAreSplit).
  Cuts cuts = Cuts::kChangeNothing;

  friend std::ostream& operator<<(std::ostream& os, const CodecUnderTest& c);
};

// Tests of the behaviour that every Codec must have. To run the suite on your
// own codec, write
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
// The suite does not test the meaning of the bytes. It tests that
// - the meaning does not depend on the reads in which the bytes arrive;
// - the codec consumes a whole request and no byte after it;
// - for any input, the codec does not crash, terminates, and limits its output
//   to the requested amount.
// Run the suite under the address sanitizer too.
class CodecConformanceTest : public testing::TestWithParam<CodecUnderTest> {
 protected:
  CodecConformanceTest();

  // Returns a new connection.
  std::unique_ptr<CodecPeer> Connect() const;

  // Returns a connection on which the peer has sent `conversation`, each piece
  // at once.
  std::unique_ptr<CodecPeer> Play(const Conversation& conversation) const;

  const ModelAgent agent_;
};

// Returns the concatenation of all pieces.
std::string Joined(const Conversation& conversation);

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_CODEC_CONFORMANCE_TEST_LIB_H_
