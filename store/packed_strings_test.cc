#include "store/packed_strings.h"

#include <cstddef>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace passpersist::internal {
namespace {

// Writes `strings`, reads them, and tells the bytes that an end takes.
size_t WidthAfterARoundTrip(const std::vector<std::string>& strings) {
  size_t total = 0;
  for (const std::string& string : strings) total += string.size();
  std::string memory(PackedStrings::Size(strings.size(), total), '?');
  PackedStringsWriter writer(strings.size(), total, memory.data());
  for (const std::string& string : strings) writer.Add(string);
  EXPECT_EQ(writer.end(), memory.data() + memory.size());

  const uint8_t width = PackedStrings::EndWidth(total);
  const PackedStrings packed(memory.data(), strings.size(), width);
  for (size_t i = 0; i < strings.size(); ++i) {
    EXPECT_EQ(packed[i], strings[i]);
  }
  EXPECT_EQ(packed.size(), memory.size());
  return width;
}

TEST(PackedStringsTest, GivesBackWhatWasWritten) {
  EXPECT_EQ(WidthAfterARoundTrip({}), 1);
  EXPECT_EQ(WidthAfterARoundTrip({""}), 1);
  EXPECT_EQ(WidthAfterARoundTrip({"", std::string(3, '\0'), "", "x", ""}), 1);
}

TEST(PackedStringsTest, WidensItsEndsAsTheStringsNeed) {
  EXPECT_EQ(WidthAfterARoundTrip({std::string(255, 'a')}), 1);
  EXPECT_EQ(WidthAfterARoundTrip({std::string(255, 'a'), "b"}), 2);
  EXPECT_EQ(WidthAfterARoundTrip({"b", std::string(65534, 'a')}), 2);
  EXPECT_EQ(WidthAfterARoundTrip({"b", std::string(65535, 'a'), "c"}), 4);
}

}  // namespace
}  // namespace passpersist::internal
