#include <memory>

#include "transport/fuzz/codec_fuzzer.h"
#include "transport/pass_persist_codec.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using passpersist_testing::AsText;
  static const auto* const fuzzer = new passpersist_testing::CodecFuzzer(
      [] { return std::make_unique<passpersist::PassPersistCodec>(); });
  fuzzer->Try(AsText(data, size));
  return 0;
}
