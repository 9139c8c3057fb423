// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/nearest_word.h"

#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace passpersist::tool {
namespace {

const std::vector<absl::string_view> kWords = {"get", "getnext", "set", "walk",
                                               "describe"};

TEST(NearestWordTest, FindsTheWordForATypo) {
  EXPECT_EQ(NearestWord("wlak", kWords), "walk");
  EXPECT_EQ(NearestWord("gte", kWords), "get");
  EXPECT_EQ(NearestWord("getnxt", kWords), "getnext");
  EXPECT_EQ(NearestWord("describbe", kWords), "describe");
  EXPECT_EQ(NearestWord("set", kWords), "set");
}

TEST(NearestWordTest, PrefersTheFirstOfTwoEquallyNearWords) {
  EXPECT_EQ(NearestWord("et", kWords), "get");
}

TEST(NearestWordTest, FindsNothingIfNoWordIsNear) {
  EXPECT_EQ(NearestWord("restart", kWords), "");
  EXPECT_EQ(NearestWord("", kWords), "");
  EXPECT_EQ(NearestWord("walk", {}), "");
}

}  // namespace
}  // namespace passpersist::tool
