// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_TESTING_CODEC_CONFORMANCE_RULES_H_
#define TRANSPORT_TESTING_CODEC_CONFORMANCE_RULES_H_

#include <cstddef>

#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "transport/testing/codec_conformance_peer.h"

// What the conformance suite and the fuzzers of codecs have in common.

namespace passpersist_testing {

// .1.3.6.1.4.1.8072.9999.9999.
passpersist::Oid ConformanceRoot();

// Serves values of all types that `codec` can send, at .1.0, .2.0, .3.0 and so
// on below the root, and grants every set.
ModelAgent ConformanceAgent(const passpersist::Codec& codec);

// What the reads in which bytes arrive may change.
enum class Cuts {
  kChangeNothing,
  kChangeSets,  // whether a set is refused, in a line of the same number
};

// A failure unless the same was found, at the same places, and replied.
void ExpectSame(const CodecPeer& a, const CodecPeer& b,
                Cuts cuts = Cuts::kChangeNothing);

// A failure if `peer`, which has said `said` bytes, heard endless talk.
void ExpectBounded(const CodecPeer& peer, size_t said);

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_CODEC_CONFORMANCE_RULES_H_
