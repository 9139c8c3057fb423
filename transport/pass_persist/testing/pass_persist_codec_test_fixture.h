// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_TESTING_PASS_PERSIST_CODEC_TEST_FIXTURE_H_
#define TRANSPORT_PASS_PERSIST_TESTING_PASS_PERSIST_CODEC_TEST_FIXTURE_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/codec.h"
#include "passpersist/value.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/testing/codec_conformance_peer.h"

namespace passpersist_testing {

// A PassPersistCodec with a peer and an agent that serves .1.3: an integer at
// .1.3.1.0, a string at .1.3.2.0, and a setter at .1.3.8. Each PING is answered
// when it arrives, unless `early_pong`.
class PassPersistCodecTest : public testing::Test {
 protected:
  explicit PassPersistCodecTest(bool early_pong = false)
      : peer_(std::make_unique<passpersist::PassPersistCodec>(
                  Options(early_pong)),
              passpersist::Regions{{{1, 3}}, {{1, 3, 8}}}, &agent_) {
    agent_.values = {{{1, 3, 1, 0}, passpersist::Integer32{5}},
                     {{1, 3, 2, 0}, passpersist::OctetString{"eth0"}}};
  }

  // Sends `bytes` to the codec and returns its reply.
  std::string Reply(absl::string_view bytes) {
    peer_.Send(bytes);
    return peer_.TakeOutput();
  }

  // Returns the codec's reply to a read timeout.
  std::string ReplyToTimeout() {
    peer_.ExpireReadTimeout();
    return peer_.TakeOutput();
  }

  passpersist::Codec& codec() { return peer_.codec(); }

  ModelAgent agent_;
  CodecPeer peer_;

 private:
  static passpersist::PassPersistCodec::Options Options(bool early_pong) {
    passpersist::PassPersistCodec::Options options;
    options.early_pong = early_pong;
    return options;
  }
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_PASS_PERSIST_TESTING_PASS_PERSIST_CODEC_TEST_FIXTURE_H_
