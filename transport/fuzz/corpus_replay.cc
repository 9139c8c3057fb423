// SPDX-License-Identifier: Apache-2.0
//
// Replaces libFuzzer if it is not available. The arguments of the program are
// files; each is a test that passes the file to the fuzzer.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"
#include "transport/fuzz/codec_fuzzer.h"

namespace {

class CorpusReplay : public testing::Test {
 public:
  explicit CorpusReplay(std::string path) : path_(std::move(path)) {}

  void TestBody() override {
    std::ifstream file(path_, std::ios::binary);
    ASSERT_TRUE(file.is_open()) << path_;
    const std::string input{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(LLVMFuzzerTestOneInput(
                  reinterpret_cast<const uint8_t*>(input.data()), input.size()),
              0);
  }

 private:
  const std::string path_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  for (int i = 1; i < argc; ++i) {
    const std::string path = argv[i];
    testing::RegisterTest(
        "CorpusReplay", std::filesystem::path(path).filename().c_str(), nullptr,
        nullptr, __FILE__, __LINE__,
        [path]() -> testing::Test* { return new CorpusReplay(path); });
  }
  return argc > 1 ? RUN_ALL_TESTS() : 1;
}
