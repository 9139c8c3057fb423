// SPDX-License-Identifier: Apache-2.0

#include "passpersist/contents.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/changes.h"
#include "passpersist/encoding/packed_contents.h"
#include "passpersist/read_contents.h"
#include "passpersist/row_index.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/testing/contents_lines.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::AllocationCount;
using passpersist_testing::IsOk;
using passpersist_testing::Lines;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

// The status that a store gets.
absl::Status Finish(const Contents& contents) {
  return ReadContents(contents,
                      [](const Oid&, const StoredValue&, absl::string_view) {});
}

TEST(ContentsTest, KeepsValuesAndLabels) {
  Contents contents;
  contents.Put({1, 0}, OctetString{"eth0"}, "name");
  contents.Put({2, 0}, Counter32{7});
  EXPECT_EQ(contents.size(), 2u);
  EXPECT_THAT(contents.status(), IsOk());
  EXPECT_THAT(Lines(contents), ElementsAre(".1.0 = OctetString \"eth0\" # name",
                                           ".2.0 = Counter32 7"));
}

TEST(ContentsTest, MayBeEmpty) { EXPECT_THAT(Lines(Contents()), IsEmpty()); }

TEST(ContentsTest, SortsUnsortedEntriesByArcs) {
  Contents contents;
  contents.Put({10}, Integer32{10});
  contents.Put({4294967295}, Integer32{4});
  contents.Put({2, 1}, Integer32{21});
  contents.Put({2}, Integer32{2});
  contents.Put({}, Integer32{0});
  EXPECT_THAT(
      Lines(contents),
      ElementsAre(". = Integer32 0", ".2 = Integer32 2", ".2.1 = Integer32 21",
                  ".10 = Integer32 10", ".4294967295 = Integer32 4"));
}

TEST(ContentsTest, PutsATableRowByRow) {
  Contents contents;
  for (uint32_t row = 1; row <= 2; ++row) {
    contents.Put({1, row}, Integer32{1}, "row");
    contents.Put({2, row}, Gauge32{2});
    contents.Put({3, row}, OctetString{"three"});
  }
  EXPECT_EQ(contents.size(), 6u);
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1.1 = Integer32 1 # row",
                          ".1.2 = Integer32 1 # row", ".2.1 = Gauge32 2",
                          ".2.2 = Gauge32 2", ".3.1 = OctetString \"three\"",
                          ".3.2 = OctetString \"three\""));
}

TEST(ContentsTest, ATimeStampIsTheSysUpTimeOfAnEvent) {
  auto packed = std::make_unique<internal::PackedContents>();
  packed->sys_up_time_zero = absl::FromUnixSeconds(1000);
  const Contents contents(std::move(packed));
  const auto time_stamp = [&](int64_t event) {
    return contents.TimeStampOf(absl::FromUnixMillis(event)).value;
  };
  EXPECT_EQ(time_stamp(1'000'000), 0u);
  EXPECT_EQ(time_stamp(1'001'500), 150u);
  EXPECT_EQ(time_stamp(999'000), 0u);  // before sysUpTime was 0
  EXPECT_EQ(time_stamp(1'000'000 + 42949672950), 4294967295u);
  EXPECT_EQ(time_stamp(1'000'000 + 42949672960), 0u);  // modulo 2^32
  EXPECT_EQ(contents.TimeStampOf(absl::InfinitePast()).value, 0u);
  EXPECT_EQ(Contents().TimeStampOf(absl::FromUnixSeconds(2)).value, 200u);
}

TEST(ContentsTest, CallsTheFunctionOfAComputedValueAtEachRead) {
  int calls = 0;
  Contents contents;
  contents.PutComputed(
      {1}, [&calls] { return Integer32{++calls}; }, "label");
  EXPECT_THAT(Finish(contents), IsOk());
  EXPECT_EQ(calls, 0);
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1 = computed Integer32 1 # label"));
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1 = computed Integer32 2 # label"));
}

TEST(ComputedValueTest, CopiesShareTheFunction) {
  int calls = 0;
  const ComputedValue computed(
      [calls]() mutable { return Integer32{++calls}; });
  const ComputedValue copy = computed;
  EXPECT_EQ(ToString(computed().value()), "Integer32 1");
  EXPECT_EQ(ToString(copy().value()), "Integer32 2");
}

TEST(ComputedValueTest, MayReturnAConvertedNumber) {
  const ComputedValue exact([] { return Gauge32::FromNumber(5); });
  EXPECT_EQ(exact().value(), Value(Gauge32{5}));
  EXPECT_THAT(exact.Call().inexact, IsOk());
  const ComputedValue saturated(
      [] { return Gauge32::FromNumberSaturated(-5); });
  EXPECT_EQ(saturated().value(), Value(Gauge32{0}));
  EXPECT_THAT(saturated.Call().inexact,
              StatusIs(absl::StatusCode::kOutOfRange,
                       "-5 is not a Gauge32: 0..4294967295; the nearest is 0"));
  const ComputedValue none([] { return Gauge32::FromNumber(-5); });
  EXPECT_THAT(none(), StatusIs(absl::StatusCode::kOutOfRange,
                               "-5 is not a Gauge32: 0..4294967295"));
  EXPECT_THAT(none.Call().inexact, IsOk());
}

TEST(ComputedValueTest, MayFail) {
  const ComputedValue computed(
      [] { return absl::UnavailableError("no sensor"); });
  EXPECT_THAT(computed(),
              StatusIs(absl::StatusCode::kUnavailable, "no sensor"));
}

TEST(ContentsTest, DoesNotAllocateMemoryForEachPut) {
  Contents contents;
  const auto put = [&](uint32_t row) {
    contents.Put({1, 1, row}, Counter64{row}, "a label");
    contents.Put({1, 2, row}, Value(Gauge32{row}));
    contents.Put({1, 3, row}, OctetString{"short"});
  };
  put(1);
  const size_t before = AllocationCount();
  for (uint32_t row = 2; row < 10000; ++row) put(row);
  EXPECT_LT(AllocationCount() - before, 300u) << "more than for chunks";
}

// --- Columns ---

TEST(ContentsTest, PutsColumnsOfNumbers) {
  const auto rows = RowIndex::FromNumbers({1, 7}).value();
  Contents contents;
  contents.PutColumn({1, 8}, rows, std::vector<IpAddress>{{{1, 2, 3, 4}}, {}});
  contents.PutColumn({1, 7}, rows, std::vector<Counter64>{{~uint64_t{0}}, {2}});
  contents.PutColumn({1, 6}, rows, std::vector<TimeTicks>{{61}, {62}});
  contents.PutColumn({1, 5}, rows, std::vector<Gauge32>{{51}, {52}});
  contents.PutColumn({1, 4}, rows, std::vector<Counter32>{{41}, {42}});
  contents.PutColumn({1, 3}, rows, std::vector<Integer32>{{-1}, {1}});
  EXPECT_EQ(contents.size(), 12u);
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1.3.1 = Integer32 -1", ".1.3.7 = Integer32 1",
                          ".1.4.1 = Counter32 41", ".1.4.7 = Counter32 42",
                          ".1.5.1 = Gauge32 51", ".1.5.7 = Gauge32 52",
                          ".1.6.1 = TimeTicks 61", ".1.6.7 = TimeTicks 62",
                          ".1.7.1 = Counter64 18446744073709551615",
                          ".1.7.7 = Counter64 2", ".1.8.1 = IpAddress 1.2.3.4",
                          ".1.8.7 = IpAddress 0.0.0.0"));
}

TEST(ContentsTest, PutsColumnsOfStringsAndOfValues) {
  const auto rows = RowIndex::UpTo(2);
  Contents contents;
  contents.PutColumn({1}, rows, std::vector<OctetString>{{"a"}, {"b"}});
  contents.PutColumn({2}, rows, std::vector<Value>{Gauge32{1}, Opaque{"o"}});
  const std::string large(600, 'x');
  contents.PutColumn({3}, rows, std::vector<OctetString>{{large}, {""}});
  EXPECT_THAT(
      Lines(contents),
      ElementsAre(".1.1 = OctetString \"a\"", ".1.2 = OctetString \"b\"",
                  ".2.1 = Gauge32 1", ".2.2 = Opaque 6f",
                  absl::StrCat(".3.1 = OctetString \"", large, "\""),
                  ".3.2 = OctetString \"\""));
}

TEST(ContentsTest, PutsColumnsWithMissingCells) {
  const auto rows = RowIndex::UpTo(3);
  Contents contents;
  contents.PutColumn(
      {1}, rows,
      std::vector<std::optional<Gauge32>>{Gauge32{1}, {}, Gauge32{3}});
  contents.PutColumn(
      {2}, rows,
      std::vector<std::optional<OctetString>>{{}, OctetString{"b"}, {}});
  EXPECT_EQ(contents.size(), 3u);
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1.1 = Gauge32 1", ".1.3 = Gauge32 3",
                          ".2.2 = OctetString \"b\""));
}

TEST(ContentsTest, PutsColumnsAmongEntries) {
  Contents contents;
  contents.Put({2, 2}, Integer32{0}, "between");
  contents.PutColumn({2}, RowIndex::FromNumbers({1, 3}).value(),
                     std::vector<Gauge32>{{1}, {3}});
  contents.Put({1}, Integer32{1}, "apart");
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1 = Integer32 1 # apart", ".2.1 = Gauge32 1",
                          ".2.2 = Integer32 0 # between", ".2.3 = Gauge32 3"));
}

TEST(ContentsTest, ACountOfValuesThatDiffersFromTheRowsIsAnError) {
  for (const size_t count : {0u, 2u, 4u}) {
    Contents contents;
    contents.PutColumn({1, 2}, RowIndex::UpTo(3), std::vector<Gauge32>(count));
    EXPECT_THAT(contents.status(),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         absl::StrCat(".1.2: ", count, " values for 3 rows")));
  }
}

TEST(ContentsTest, OverridesCellsOfAColumn) {
  Contents contents;
  contents.PutColumn({1}, RowIndex::UpTo(3),
                     std::vector<Gauge32>{{1}, {2}, {3}});
  Changes changes;
  changes.Put({1, 2}, OctetString{"set"}, "label");
  changes.Erase({1, 3});
  contents.Override(changes);
  EXPECT_THAT(
      Lines(contents),
      ElementsAre(".1.1 = Gauge32 1", ".1.2 = OctetString \"set\" # label"));
}

// --- Overrides ---

TEST(ContentsTest, OverrideReplacesEntries) {
  Contents contents;
  contents.Put({1}, Integer32{1}, "one");
  contents.Put({2}, Integer32{2}, "two");
  contents.Put({3}, Integer32{3});
  Changes changes;
  changes.Put({1}, Integer32{11});
  changes.Put({2}, Integer32{22}, "new");
  changes.PutComputed({3}, [] { return Integer32{33}; });
  contents.Override(changes);
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1 = Integer32 11 # one", ".2 = Integer32 22 # new",
                          ".3 = computed Integer32 33"));
}

TEST(ContentsTest, OverrideAddsAndErases) {
  Contents contents;
  contents.Put({1}, Integer32{1});
  contents.Put({5}, Integer32{5});
  Changes changes;
  changes.Erase({5});
  changes.Erase({7});
  changes.Put({3}, Integer32{3}, "three");
  changes.Put({0}, Integer32{0});
  contents.Override(changes);
  EXPECT_THAT(Lines(contents),
              ElementsAre(".0 = Integer32 0", ".1 = Integer32 1",
                          ".3 = Integer32 3 # three"));
}

TEST(ContentsTest, OverrideLetsTheLaterOfTwoChangesCount) {
  Contents contents;
  Changes changes;
  changes.Put({1}, Integer32{1});
  changes.Put({1}, Integer32{2});
  changes.Put({2}, Integer32{1});
  changes.Erase({2});
  changes.Erase({3});
  changes.Put({3}, Integer32{3});
  contents.Override(changes);
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1 = Integer32 2", ".3 = Integer32 3"));
}

TEST(ContentsTest, OverridePutsAfterAnEraseWithoutTheOldLabel) {
  Contents contents;
  contents.Put({1}, Integer32{1}, "old");
  contents.Put({2}, Integer32{2}, "old");
  Changes changes;
  changes.Erase({1});
  changes.Put({1}, Integer32{11});
  changes.Put({2}, Integer32{21}, "new");
  changes.Put({2}, Integer32{22});
  contents.Override(changes);
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1 = Integer32 11", ".2 = Integer32 22 # new"));
}

}  // namespace
}  // namespace passpersist
