// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/errors/recent_errors.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace passpersist::internal {
namespace {

using testing::ElementsAre;

class RecentErrorsTest : public testing::Test {
 protected:
  void Add(const std::string& message) {
    errors_.Add(absl::InternalError(message), absl::FromUnixSeconds(++now_));
  }

  // "message xCOUNT at TIME".
  std::vector<std::string> Texts() const {
    std::vector<std::string> texts;
    for (const Statistics::Error& error : errors_.errors()) {
      texts.push_back(absl::StrCat(error.status.message(), " x", error.count,
                                   " at ", absl::ToUnixSeconds(error.last)));
    }
    return texts;
  }

  RecentErrors errors_;
  int now_ = 0;
};

TEST_F(RecentErrorsTest, CountsARepeatedErrorAndMovesItToTheEnd) {
  Add("a");
  Add("b");
  Add("c");
  Add("a");
  EXPECT_THAT(Texts(), ElementsAre("b x1 at 2", "c x1 at 3", "a x2 at 4"));
  EXPECT_EQ(errors_.count(), 4u);
}

TEST_F(RecentErrorsTest, ForgetsTheErrorWhoseLastOccurrenceIsOldest) {
  for (size_t i = 0; i < RecentErrors::kMaxErrors; ++i) Add(absl::StrCat(i));
  Add("0");
  Add("new");
  const std::vector<std::string> texts = Texts();
  ASSERT_EQ(texts.size(), RecentErrors::kMaxErrors);
  EXPECT_EQ(texts.front(), "2 x1 at 3");
  EXPECT_EQ(texts[texts.size() - 2], "0 x2 at 33");
  EXPECT_EQ(texts.back(), "new x1 at 34");
  EXPECT_EQ(errors_.count(), 34u);
}

}  // namespace
}  // namespace passpersist::internal
