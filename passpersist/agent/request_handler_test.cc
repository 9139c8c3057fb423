// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/request_handler.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/testing/request_handler_fixture.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/testing/response_text.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::AllocationCount;
using passpersist_testing::Text;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(RequestHandlerTest, GetAnswersEachInstanceInTheOrderOfTheRequest) {
  EXPECT_EQ(Handle(Get{{{1, 5, 0}, {1, 3, 1, 1}, {1, 3, 9}, {1, 4}}}),
            ".1.5.0 = Integer32 50; .1.3.1.1 = Integer32 11; "
            ".1.3.9 = noSuchInstance; .1.4 = noSuchObject");
  EXPECT_EQ(Handle(Get{}), "");
}

TEST_F(RequestHandlerTest, GetNextAnswersTheFirstInstanceOfEachRange) {
  EXPECT_EQ(Handle(GetNext{{{{1, 3, 1, 1}, false, {}},
                            {{1, 3, 1, 1}, true, {}},
                            {{1, 3, 2, 2}, false, {}},
                            {{1, 3, 2, 2}, false, {1, 4}},
                            {{1, 5, 0}, false, {}}}}),
            ".1.3.1.2 = Integer32 12; .1.3.1.1 = Integer32 11; "
            ".1.5.0 = Integer32 50; .1.3.2.2 = endOfMibView; "
            ".1.5.0 = endOfMibView");
}

TEST_F(RequestHandlerTest, SkipsAndReportsBindingsThatTheCheckRejects) {
  Changes changes;
  changes.Put({1, 2}, OctetString{"unsendable"});
  ASSERT_TRUE(table_->Apply(changes).ok());
  EXPECT_EQ(Handle(Get{{{1, 3, 1, 2}}}), ".1.3.1.2 = noSuchInstance");
  EXPECT_EQ(Handle(GetNext{{{{1, 3, 1, 1}, false, {}}}}),
            ".1.3.2.1 = Integer32 21");
  EXPECT_THAT(log_.Take(), ElementsAre("OUT_OF_RANGE: unsendable",
                                       "OUT_OF_RANGE: unsendable"));
}

TEST_F(RequestHandlerTest, GetBulkInterleavesTheRepeatersRowByRow) {
  EXPECT_EQ(Handle(GetBulk{1,
                           2,
                           {{{1, 4}, false, {}},
                            {{1, 3, 1}, false, {}},
                            {{1, 3, 2}, false, {}}}}),
            ".1.5.0 = Integer32 50; "
            ".1.3.1.1 = Integer32 11; .1.3.2.1 = Integer32 21; "
            ".1.3.1.2 = Integer32 12; .1.3.2.2 = Integer32 22");
}

TEST_F(RequestHandlerTest, GetBulkContinuesAfterARepeaterHasEnded) {
  EXPECT_EQ(Handle(GetBulk{
                0, 3, {{{1, 3, 1}, false, {}}, {{1, 3, 2, 2}, false, {}}}}),
            ".1.3.1.1 = Integer32 11; .1.5.0 = Integer32 50; "
            ".1.3.1.2 = Integer32 12; .1.5.0 = endOfMibView; "
            ".1.3.2.1 = Integer32 21; .1.5.0 = endOfMibView");
}

TEST_F(RequestHandlerTest, GetBulkEndsAfterARoundOfOnlyEndOfMibView) {
  EXPECT_EQ(Handle(GetBulk{
                0, 4'000'000'000, {{{1, 5}, false, {}}, {{1, 6}, false, {}}}}),
            ".1.5.0 = Integer32 50; .1.6 = endOfMibView; "
            ".1.5.0 = endOfMibView; .1.6 = endOfMibView");
}

TEST_F(RequestHandlerTest, GetBulkIncludesTheStartInTheFirstRoundOnly) {
  EXPECT_EQ(Handle(GetBulk{0, 2, {{{1, 3, 1, 1}, true, {}}}}),
            ".1.3.1.1 = Integer32 11; .1.3.1.2 = Integer32 12");
}

TEST_F(RequestHandlerTest, GetBulkAcceptsUnusualCounts) {
  const SearchRange range = {{1, 4}, false, {}};
  EXPECT_EQ(Handle(GetBulk{9, 9, {range}}), ".1.5.0 = Integer32 50");
  EXPECT_EQ(Handle(GetBulk{0, 0, {range}}), "");
  EXPECT_EQ(Handle(GetBulk{1, 0, {range, range}}), ".1.5.0 = Integer32 50");
  EXPECT_EQ(Handle(GetBulk{0, 9, {}}), "");
}

TEST_F(RequestHandlerTest, GetBulkStopsEarlyIfTheAnswerGetsTooLarge) {
  Contents contents;
  for (uint32_t row = 0; row < 20'000; ++row) {
    contents.Put({1, row}, Integer32{1});
  }
  ASSERT_TRUE(table_->Replace(std::move(contents)).ok());
  Handle(GetBulk{0, 4'000'000'000, {{{1, 3}, false, {}}}});
  EXPECT_EQ(pending_.response.bindings.size(), 10'000u);
}

TEST_F(RequestHandlerTest, DumpAnswersTheFirstInstancesWithTheirLabels) {
  Changes changes;
  changes.Put({1, 2}, Integer32{12}, "label");
  ASSERT_TRUE(table_->Apply(changes).ok());
  EXPECT_EQ(Handle(Dump{{{1, 3}, false, {2}}, 3}),
            ".1.3.1.1 = Integer32 11; .1.3.1.2 = Integer32 12; "
            ".1.3.2.1 = Integer32 21");
  EXPECT_THAT(Labels(), ElementsAre("", "label", ""));

  EXPECT_EQ(Handle(Dump{{{1, 3, 1, 2}, true, {1, 3, 2, 1}}, 3}),
            ".1.3.1.2 = Integer32 12");
  EXPECT_THAT(Labels(), ElementsAre("label"));
  EXPECT_EQ(Handle(Dump{{{1, 3}, false, {2}}, 0}), "");
  EXPECT_THAT(Labels(), IsEmpty());
  EXPECT_EQ(Handle(Dump{{{1, 6}, false, {2}}, 3}), "");
}

TEST_F(RequestHandlerTest, ClearsThePreviousResponse) {
  Handle(Dump{{{1}, false, {2}}, 100});
  EXPECT_EQ(Handle(Get{{{1, 5, 0}}}), ".1.5.0 = Integer32 50");
  EXPECT_THAT(Labels(), IsEmpty());
  EXPECT_EQ(Handle(Set{{{{1, 5, 0}, Integer32{1}}}}), "notWritable 1");
  EXPECT_THAT(pending_.response.bindings, IsEmpty());
  EXPECT_EQ(Handle(Get{{{1, 5, 0}}}), ".1.5.0 = Integer32 50");
  EXPECT_EQ(pending_.response.error_index, 0);
}

TEST_F(RequestHandlerTest, AllocatesNothingForReadsInSteadyState) {
  PendingRequest get;
  get.request.Reset<Get>().oids = {{1, 3, 1, 1}, {1, 5, 0}};
  PendingRequest next;
  next.request.Reset<GetNext>().ranges.resize(1);
  Oid& start = std::get<GetNext>(next.request.operation).ranges[0].start;
  const auto handle = [&](uint32_t row) {
    Handle(&get);
    start = {1, 3, 1, row};
    Handle(&next);
  };
  // The second request of a walk takes an iterator.
  handle(0);
  handle(1);
  const size_t before = AllocationCount();
  handle(2);
  EXPECT_EQ(AllocationCount(), before);
  EXPECT_EQ(Text(next.response), ".1.3.2.1 = Integer32 21");
}

}  // namespace
}  // namespace passpersist::internal
