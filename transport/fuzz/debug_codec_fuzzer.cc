// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_codec.h"
#include "transport/fuzz/codec_fuzzer.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using passpersist_testing::AsText;
  static const auto* const fuzzer =
      new passpersist_testing::CodecFuzzer(passpersist::DebugCodec::Factory());
  fuzzer->Try(AsText(data, size));
  return 0;
}
