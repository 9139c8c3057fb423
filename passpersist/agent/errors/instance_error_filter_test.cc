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
  EXPECT_THAT(NewErrors(Range(1, 1000)),
              ElementsAre("update of .1.3: 984 more instances have errors"));
}

TEST_F(InstanceErrorFilterTest, SaysNothingWhileThereAreTooMany) {
  EXPECT_THAT(NewErrors(Range(1, 20)), SizeIs(17));
  EXPECT_THAT(NewErrors(Range(11, 40)), IsEmpty());
  EXPECT_THAT(NewErrors({".16", ".17"}), ElementsAre(".17 is bad"));
  EXPECT_THAT(NewErrors(Range(1, 20)), SizeIs(15 + 1));
}

}  // namespace
}  // namespace passpersist::internal
