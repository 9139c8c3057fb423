// SPDX-License-Identifier: Apache-2.0

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "transport/fuzz/codec_fuzzer.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/pass_persist/testing/pass_persist_codec_rules.h"

namespace passpersist_testing {
namespace {

// Sends `value` as snmpd's value of a set: at once, in two reads, and one byte
// at a time.
void TryAsSet(absl::string_view value) {
  if (HasPing(value)) return;
  const std::string set = absl::StrCat("set\n.1.3.8.1\n", value);
  const size_t half = set.size() / 2;
  std::vector<std::string> bytes;
  for (const char byte : set) bytes.emplace_back(1, byte);
  ExpectOneAnswer({set});
  ExpectOneAnswer({set.substr(0, half), set.substr(half)});
  ExpectOneAnswer(bytes);
}

}  // namespace
}  // namespace passpersist_testing

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using passpersist_testing::AsText;
  using passpersist_testing::Cuts;
  static const auto* const fuzzer = new passpersist_testing::CodecFuzzer(
      [] { return std::make_unique<passpersist::PassPersistCodec>(); },
      Cuts::kChangeSets);
  fuzzer->Try(AsText(data, size));
  passpersist_testing::TryAsSet(AsText(data, size));
  return 0;
}
