// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_TESTING_CODEC_CONFORMANCE_RULES_H_
#define TRANSPORT_TESTING_CODEC_CONFORMANCE_RULES_H_

#include <cstddef>

#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "transport/testing/codec_conformance_peer.h"

// The rules that the conformance suite and the fuzzers of codecs share.

namespace passpersist_testing {

// .1.3.6.1.4.1.8072.9999.9999.
passpersist::Oid ConformanceRoot();

// Returns an agent with values of all types that `codec` can send, at .1.0,
// .2.0, .3.0 and so on below the root. The agent accepts every set.
ModelAgent ConformanceAgent(const passpersist::Codec& codec);

// What may depend on the reads in which bytes arrive.
enum class Cuts {
  kChangeNothing,
  kChangeSets,  // whether a set is refused; the number of lines is the same
};

// Fails the test unless both codecs decoded the same requests, at the same
// positions, and replied the same.
void ExpectSame(const CodecPeer& a, const CodecPeer& b,
                Cuts cuts = Cuts::kChangeNothing);

// Fails the test if the output of `peer`, which has sent `sent` bytes, is too
// long for that input.
void ExpectBounded(const CodecPeer& peer, size_t sent);

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_CODEC_CONFORMANCE_RULES_H_
