// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/instance_errors.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace passpersist::internal {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

// Adds an error and returns whether its text was wanted.
bool Add(const std::string& subject, InstanceErrors* errors) {
  bool called = false;
  errors->Add([&]() -> InstanceError {
    called = true;
    return {subject, absl::InternalError(subject)};
  });
  return called;
}

TEST(InstanceErrorsTest, KeepsTheFirstErrorOfEachSubjectInOrder) {
  InstanceErrors errors;
  EXPECT_EQ(errors.count(), 0u);
  Add(".2", &errors);
  Add(".1", &errors);
  Add(".2", &errors);
  EXPECT_EQ(errors.count(), 2u);
  std::vector<std::string> subjects;
  for (const InstanceError& error : errors.first()) {
    subjects.push_back(error.subject);
  }
  EXPECT_THAT(subjects, ElementsAre(".2", ".1"));
}

TEST(InstanceErrorsTest, KeepsTheFirst16AndTellsApartTheFirst256) {
  InstanceErrors errors;
  for (int i = 0; i < 256; ++i) EXPECT_TRUE(Add(absl::StrCat(i), &errors));
  EXPECT_FALSE(Add("another", &errors)) << "its text costs time";
  errors.AddMore(3);
  EXPECT_THAT(errors.first(), SizeIs(16));
  EXPECT_THAT(errors.subjects(), SizeIs(256));
  EXPECT_EQ(errors.count(), 260u);
}

TEST(InstanceErrorsTest, KnownSubjectsDoNotTakeThePlacesOfNewOnes) {
  InstanceErrors last;
  for (int i = 0; i < 100; ++i) Add(absl::StrCat(i), &last);
  InstanceErrors errors;
  errors.SetKnown(last.subjects());
  for (int i = 0; i < 100; ++i) Add(absl::StrCat(i), &errors);
  Add("new", &errors);
  ASSERT_THAT(errors.first(), SizeIs(1));
  EXPECT_EQ(errors.first()[0].subject, "new");
  EXPECT_EQ(errors.count(), 101u);
  EXPECT_EQ(errors.known_count(), 100u);
}

}  // namespace
}  // namespace passpersist::internal
