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

// What every fuzzer defines: tries one input, returns 0. Called by libFuzzer
// with inputs that it makes up, or by corpus_replay.cc with those of a folder.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace passpersist_testing {

// Finds out whether a codec bears what a peer says, whatever that is. A codec
// is fuzzed by a file that defines the function above,
//
//   static const auto* const fuzzer = new CodecFuzzer(
//       [] { return std::make_unique<MyCodec>(); });
//   fuzzer->Try(AsText(data, size));
//   return 0;
//
// and a codec_fuzzer() in the BUILD file.
//
// An input is what the peer says, and in how many pieces:
//
//   +------------------------+--------+-----+----------+---+
//   |      what is said      | size 0 | ... | size n-1 | n |    n <= 8
//   +------------------------+--------+-----+----------+---+
//
// The low 7 bits of a size are that of a piece; the highest says that the peer
// falls silent behind it, for longer than the codec waits. What is left is the
// last piece, with silence behind it. An input that ends otherwise, as plain
// text does, is one piece.
//
// Immutable, so safe for concurrent use.
class CodecFuzzer {
 public:
  explicit CodecFuzzer(passpersist::CodecFactory make_codec,
                       Cuts cuts = Cuts::kChangeNothing);

  // A failure unless the codec lives, ends its work, doesn't say more than it
  // was asked, and does the same when it hears a byte at a time, the pieces, or
  // all up to a silence at once. Where `cuts` may change sets, an input with
  // the word "set" is not compared.
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
