// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_FUZZ_CODEC_FUZZER_H_
#define TRANSPORT_FUZZ_CODEC_FUZZER_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "transport/testing/codec_conformance_peer.h"
#include "transport/testing/codec_conformance_rules.h"

// Defined by every fuzzer: tests one input and returns 0. libFuzzer calls it
// with generated inputs, corpus_replay.cc with the files of the corpus.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace passpersist_testing {

// Tests a codec with arbitrary input from a peer. A fuzzer is a file that
// defines the function above,
//
//   static const auto* const fuzzer = new CodecFuzzer(
//       [] { return std::make_unique<MyCodec>(); });
//   fuzzer->Try(AsText(data, size));
//   return 0;
//
// and a codec_fuzzer() in the BUILD file.
//
// An input consists of the peer's bytes and their division into pieces:
//
//   +------------------------+--------+-----+----------+---+
//   |     bytes to send      | size 0 | ... | size n-1 | n |    n <= 8
//   +------------------------+--------+-----+----------+---+
//
// The low 7 bits of a size are the size of a piece. The highest bit tells that
// the peer pauses after the piece, for longer than the codec's read timeout.
// The remaining bytes are the last piece, and a pause follows it. An input
// without such an end, for example plain text, is one piece.
//
// Immutable, so safe for concurrent use.
class CodecFuzzer {
 public:
  explicit CodecFuzzer(passpersist::CodecFactory make_codec,
                       Cuts cuts = Cuts::kChangeNothing);

  // Fails unless the codec does not crash, terminates, limits its output to the
  // requested amount, and behaves the same when it receives one byte at a time,
  // the pieces, or all bytes up to a pause at once. If `cuts` may change sets,
  // an input with the word "set" is not compared.
  void Try(absl::string_view input) const;

 private:
  const passpersist::CodecFactory make_codec_;
  const Cuts cuts_;
  const ModelAgent agent_;
};

inline absl::string_view AsText(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace passpersist_testing

#endif  // TRANSPORT_FUZZ_CODEC_FUZZER_H_
