// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/client/walk.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/testing/status_matchers.h"
#include "tools/passpersist/client/testing/fake_agent_client.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::FakeAgent;
using passpersist_testing::FakeAgentClient;
using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;

class WalkTest : public testing::Test {
 protected:
  void Answer(const std::string& text) {
    agent_.answers.push_back(FromText<debug::Response>(text));
  }

  absl::Status Walk(const std::string& range = "") {
    FakeAgentClient client(&agent_);
    return tool::Walk(client, FromText<debug::SearchRange>(range),
                      [this](const debug::DumpEntry& entry) {
                        names_.push_back(entry.binding().oid());
                        return take_;
                      });
  }

  FakeAgent agent_;
  absl::Status take_;
  std::vector<std::string> names_;
};

TEST_F(WalkTest, ContinuesWhereThePageEnded) {
  Answer("bindings { oid: '.1.3' integer: 1 }");
  Answer(
      "bindings { oid: '.1.4' integer: 1 } "
      "bindings { oid: '.1.4' exception: END_OF_MIB_VIEW }");
  EXPECT_THAT(Walk("end: '.1.5'"), IsOk());
  EXPECT_THAT(names_, ElementsAre(".1.3", ".1.4"));
  EXPECT_THAT(
      agent_.requests,
      ElementsAre("instance_info: true get_bulk { max_repetitions: 64 ranges "
                  "{ end: \".1.5\" } }",
                  "instance_info: true get_bulk { max_repetitions: 64 ranges "
                  "{ start: \".1.3\" end: \".1.5\" } }"));
}

TEST_F(WalkTest, EndsAtAnEmptyResponse) {
  Answer("");
  EXPECT_THAT(Walk(), IsOk());
}

TEST_F(WalkTest, EndsAtANameThatIsNotGreater) {
  Answer(
      "bindings { oid: '.1.3.10' integer: 1 } "
      "bindings { oid: '.1.3.9' integer: 1 }");
  EXPECT_THAT(Walk(), StatusIs(absl::StatusCode::kFailedPrecondition,
                               "OID not increasing: .1.3.9 after .1.3.10"));
  EXPECT_THAT(names_, ElementsAre(".1.3.10"));
  Answer("bindings { oid: '.1.3' integer: 1 }");
  Answer("bindings { oid: '.1.3' integer: 1 }");
  EXPECT_THAT(Walk(), StatusIs(absl::StatusCode::kFailedPrecondition,
                               "OID not increasing: .1.3 after .1.3"));
}

TEST_F(WalkTest, DoesNotBeginBeforeItsStart) {
  Answer("bindings { oid: '.1.2.9' integer: 1 }");
  EXPECT_THAT(Walk("start: '.1.3' inclusive: true"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "OID not increasing: .1.2.9 after .1.3"));
  Answer("bindings { oid: '.1.3' integer: 1 }");
  EXPECT_THAT(Walk("start: '.1.3'"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "OID not increasing: .1.3 after .1.3"));
  EXPECT_THAT(names_, ElementsAre());
}

TEST_F(WalkTest, AnInclusiveStartIsReturnedOnce) {
  Answer(
      "bindings { oid: '.1.3' integer: 1 } "
      "bindings { oid: '.1.3' integer: 1 }");
  EXPECT_THAT(Walk("start: '.1.3' inclusive: true"),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "OID not increasing: .1.3 after .1.3"));
  EXPECT_THAT(names_, ElementsAre(".1.3"));
}

TEST_F(WalkTest, ErrorsEndIt) {
  Answer("error: GEN_ERR");
  EXPECT_THAT(Walk(), StatusIs(absl::StatusCode::kFailedPrecondition,
                               "the agent refused: genErr"));
  EXPECT_THAT(Walk(), StatusIs(absl::StatusCode::kUnavailable, testing::_));
  take_ = absl::CancelledError("enough");
  Answer(
      "bindings { oid: '.1.3' integer: 1 } "
      "bindings { oid: '.1.4' integer: 1 }");
  EXPECT_THAT(Walk(), StatusIs(absl::StatusCode::kCancelled, "enough"));
  EXPECT_THAT(names_, ElementsAre(".1.3"));
}

TEST(SubtreeRangeTest, EndsAfterAllNamesWithThePrefix) {
  EXPECT_THAT(SubtreeRange(Oid{1, 3}),
              IsMessage("start: '.1.3' inclusive: true end: '.1.4'"));
  EXPECT_THAT(
      SubtreeRange(Oid{1, 4294967295, 4294967295}),
      IsMessage("start: '.1.4294967295.4294967295' inclusive: true end: '.2'"));
  EXPECT_THAT(SubtreeRange(Oid{4294967295}),
              IsMessage("start: '.4294967295' inclusive: true"));
  EXPECT_THAT(SubtreeRange(Oid()), IsMessage(""));
}

}  // namespace
}  // namespace passpersist::tool
