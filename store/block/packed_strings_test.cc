// SPDX-License-Identifier: Apache-2.0

#include "store/block/packed_strings.h"

#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace passpersist::store_internal {
namespace {

constexpr size_t kHeader = 4;

// Writes and reads `strings`. Returns the bytes that the block takes in
// addition to its header and the strings.
size_t ExtraAfterARoundTrip(const std::vector<std::string>& strings) {
  const std::vector<absl::string_view> views(strings.begin(), strings.end());
  const PackedStringsForm form(views);
  std::string memory(form.Size(), '?');
  PackedStringsWriter writer(form, memory.data());
  for (const std::string& string : strings) writer.Add(string);

  const PackedStrings packed(memory.data(), strings.size());
  for (size_t i = 0; i < strings.size(); ++i) {
    EXPECT_EQ(packed[i], strings[i]);
  }
  return memory.size() - kHeader - form.total();
}

std::vector<std::string> RandomStrings(size_t count, size_t max_size) {
  std::mt19937 random(7);
  std::vector<std::string> strings;
  for (size_t i = 0; i < count; ++i) {
    const char c = static_cast<char>('a' + i % 26);
    strings.emplace_back(random() % (max_size + 1), c);
  }
  return strings;
}

TEST(PackedStringsTest, ReadsWhatWasWritten) {
  ExtraAfterARoundTrip({""});
  ExtraAfterARoundTrip({"", std::string(3, '\0'), "", "x", ""});
  ExtraAfterARoundTrip(RandomStrings(255, 512));
}

TEST(PackedStringsTest, TakesOnlyAHeaderForNoStrings) {
  EXPECT_EQ(ExtraAfterARoundTrip({}), 0);
}

TEST(PackedStringsTest, TakesNoDeviationsForStringsOfOneSize) {
  EXPECT_EQ(ExtraAfterARoundTrip(std::vector<std::string>(255, "")), 0);
  EXPECT_EQ(ExtraAfterARoundTrip(std::vector<std::string>(255, "6bytes")), 0);
  EXPECT_EQ(ExtraAfterARoundTrip({std::string(60000, 'a')}), 0);
}

TEST(PackedStringsTest, TakesAByteForEachOfManyShortStrings) {
  EXPECT_EQ(ExtraAfterARoundTrip(RandomStrings(64, 32)), 64);
  EXPECT_EQ(ExtraAfterARoundTrip(RandomStrings(240, 16)), 240);
}

TEST(PackedStringsTest, TakesMoreForSizesThatDifferMuch) {
  EXPECT_EQ(ExtraAfterARoundTrip({"", std::string(254, 'a')}), 2);
  EXPECT_EQ(ExtraAfterARoundTrip({"", std::string(400, 'a')}), 2 * 2);
  EXPECT_EQ(ExtraAfterARoundTrip({std::string(400, 'a'), ""}), 2 * 2);
  EXPECT_EQ(ExtraAfterARoundTrip({"", std::string(65535, 'a')}), 2 * 2);
  EXPECT_EQ(ExtraAfterARoundTrip({"", std::string(65600, 'a')}), 2 * 4);
}

}  // namespace
}  // namespace passpersist::store_internal
