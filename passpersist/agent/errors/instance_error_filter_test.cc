// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/errors/instance_error_filter.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace passpersist::internal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class InstanceErrorFilterTest : public testing::Test {
 protected:
  // The messages that are new after an update with errors of these subjects.
  std::vector<std::string> NewErrors(const std::vector<std::string>& subjects,
                                     const std::string& reason = "bad") {
    InstanceErrors errors;
    errors.SetKnown(filter_.known());
    for (const std::string& subject : subjects) {
      errors.Add([&]() -> InstanceError {
        return {subject, absl::OutOfRangeError(subject + " is " + reason)};
      });
    }
    std::vector<std::string> messages;
    for (const absl::Status& error : filter_.NewErrors(errors)) {
      messages.emplace_back(error.message());
    }
    return messages;
  }

  // Subjects ".FIRST" to ".LAST".
  static std::vector<std::string> Range(int first, int last) {
    std::vector<std::string> subjects;
    for (int i = first; i <= last; ++i) {
      subjects.push_back(absl::StrCat(".", i));
    }
    return subjects;
  }

  InstanceErrorFilter filter_{Oid{1, 3}};
};

TEST_F(InstanceErrorFilterTest, ReportsAnErrorOnceAsLongAsItLasts) {
  EXPECT_THAT(NewErrors({".1"}), ElementsAre(".1 is bad"));
  EXPECT_THAT(NewErrors({".1"}), IsEmpty());
  EXPECT_THAT(NewErrors({".1"}, "worse"), IsEmpty());
  EXPECT_THAT(NewErrors({".2", ".1"}), ElementsAre(".2 is bad"));
}

TEST_F(InstanceErrorFilterTest, ReportsAnErrorAgainThatWasGoneInBetween) {
  EXPECT_THAT(NewErrors({".1", ".2"}), ElementsAre(".1 is bad", ".2 is bad"));
  EXPECT_THAT(NewErrors({".2"}), IsEmpty());
  EXPECT_THAT(NewErrors({".1", ".2"}), ElementsAre(".1 is bad"));
  EXPECT_THAT(NewErrors({}), IsEmpty());
  EXPECT_THAT(NewErrors({".2"}), ElementsAre(".2 is bad"));
}

TEST_F(InstanceErrorFilterTest, CountsWhatGoesBeyondTheFirst16) {
  EXPECT_THAT(NewErrors(Range(1, 16)), SizeIs(16));
  const std::vector<std::string> messages = NewErrors(Range(1, 1000));
  ASSERT_THAT(messages, SizeIs(17));
  EXPECT_EQ(messages.front(), ".17 is bad");
  EXPECT_EQ(messages.back(), "update of .1.3: 968 more instances have errors");
}

TEST_F(InstanceErrorFilterTest, NamesANewErrorAmongHundreds) {
  EXPECT_THAT(NewErrors(Range(1, 200)), SizeIs(17));
  EXPECT_THAT(NewErrors(Range(1, 200)), IsEmpty());
  EXPECT_THAT(NewErrors(Range(1, 201)), ElementsAre(".201 is bad"));
  // One that was only counted was good in between.
  EXPECT_THAT(NewErrors(Range(1, 150)), IsEmpty());
  EXPECT_THAT(NewErrors(Range(1, 151)), ElementsAre(".151 is bad"));
}

TEST_F(InstanceErrorFilterTest, SaysNothingWhileThereAreTooMany) {
  EXPECT_THAT(NewErrors(Range(1, 300)), SizeIs(17));
  EXPECT_THAT(NewErrors(Range(11, 400)), IsEmpty());
  EXPECT_THAT(NewErrors({".256", ".257"}), ElementsAre(".257 is bad"));
  EXPECT_THAT(NewErrors(Range(1, 300)), SizeIs(16 + 1));
}

}  // namespace
}  // namespace passpersist::internal
