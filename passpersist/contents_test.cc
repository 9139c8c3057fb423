// SPDX-License-Identifier: Apache-2.0

#include "passpersist/contents.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/changes.h"
#include "passpersist/encoding/packed_contents.h"
#include "passpersist/read_contents.h"
#include "passpersist/row_index.h"
#include "passpersist/table_builder.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::AllocationCount;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string StoredValueText(const StoredValue& stored) {
  if (const Value* const value = std::get_if<Value>(&stored)) {
    return ToString(*value);
  }
  const absl::StatusOr<Value> value = std::get<ComputedValue>(stored)();
  return absl::StrCat(
      "computed ", value.ok() ? ToString(*value) : value.status().ToString());
}

// ".1.0 = Integer32 5" for each entry, followed by " # label" if there is one.
std::vector<std::string> Lines(const Contents& contents) {
  std::vector<std::string> lines;
  EXPECT_THAT(
      ReadContents(contents,
                   [&](const Oid& suffix, const StoredValue& stored,
                       absl::string_view label) {
                     lines.push_back(absl::StrCat(
                         suffix.ToString(), " = ", StoredValueText(stored),
                         label.empty() ? "" : " # ", label));
                   }),
      IsOk());
  return lines;
}

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

TEST(ContentsTest, PutsTheValueOfAResult) {
  Contents contents;
  contents.Put({1}, Integer32::FromNumber(5), "five");
  contents.Put({2}, absl::StatusOr<Value>(Gauge32{6}));
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1 = Integer32 5 # five", ".2 = Gauge32 6"));
  EXPECT_THAT(contents.errors(), IsEmpty());
}

TEST(ContentsTest, LeavesOutAnErrorAloneAndNamesIt) {
  Contents contents;
  contents.Put({1, 0}, Integer32{1});
  contents.Put({2, 0}, Integer32::FromNumber(5'000'000'000));
  contents.Put({3, 0},
               absl::StatusOr<Value>(absl::UnavailableError("no sensor")));
  contents.Put({4, 0}, Counter64::FromNumberWrapped(std::nan("")));
  contents.Put({5, 0}, Integer32{5});
  EXPECT_THAT(contents.status(), IsOk());
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1.0 = Integer32 1", ".5.0 = Integer32 5"));
  EXPECT_THAT(
      contents.errors(),
      ElementsAre(StatusIs(absl::StatusCode::kOutOfRange,
                           ".2.0 is left out: 5000000000 is not an Integer32: "
                           "-2147483648..2147483647"),
                  StatusIs(absl::StatusCode::kUnavailable,
                           ".3.0 is left out: no sensor"),
                  StatusIs(absl::StatusCode::kInvalidArgument,
                           ".4.0 is left out: nan is not an integer")));
}

TEST(ContentsTest, ServesASaturatedValueAndNamesIt) {
  Contents contents;
  contents.Put({1, 0}, Gauge32::FromNumberSaturated(-5), "label");
  contents.Put({2, 0}, Counter32::FromNumberWrapped(-5));
  EXPECT_THAT(Lines(contents), ElementsAre(".1.0 = Gauge32 0 # label",
                                           ".2.0 = Counter32 4294967291"));
  EXPECT_THAT(
      contents.errors(),
      ElementsAre(StatusIs(
          absl::StatusCode::kOutOfRange,
          ".1.0: -5 is not a Gauge32: 0..4294967295; the nearest is 0")));
}

TEST(ContentsTest, KeepsTheFirst16ErrorsAndTheirNumber) {
  Contents contents;
  for (uint32_t row = 0; row < 100; ++row) {
    contents.Put({row}, Integer32::FromNumber(5e9));
  }
  EXPECT_THAT(contents.errors(), SizeIs(16));
  EXPECT_EQ(contents.error_count(), 100u);
  EXPECT_THAT(Lines(contents), IsEmpty());
}

TEST(ContentsTest, TakesErrorsThatHaveNoName) {
  Contents contents;
  contents.AddError(absl::DataLossError("line 7 of the file is cut off"));
  EXPECT_THAT(contents.status(), IsOk());
  EXPECT_THAT(contents.errors(),
              ElementsAre(StatusIs(absl::StatusCode::kDataLoss,
                                   "line 7 of the file is cut off")));
}

// What contents hold after `fill`, and their errors.
template <typename Fill>
std::vector<std::string> LinesAndErrors(Fill fill) {
  Contents contents;
  fill(contents);
  std::vector<std::string> lines = Lines(contents);
  for (const absl::Status& error : contents.errors()) {
    lines.push_back(error.ToString());
  }
  return lines;
}

TEST(ContentsTest, OfTwoValuesForOneOidTheLaterOneCounts) {
  EXPECT_THAT(LinesAndErrors([](Contents& in_order) {
                in_order.Put({1}, Integer32{1});
                in_order.Put({2}, Integer32{2}, "label");
                in_order.Put({2}, Integer32{3});
                in_order.Put({3}, Integer32{4});
              }),
              ElementsAre(".1 = Integer32 1", ".2 = Integer32 3",
                          ".3 = Integer32 4", "ALREADY_EXISTS: .2: put twice"));
  EXPECT_THAT(LinesAndErrors([](Contents& unsorted) {
                unsorted.Put({2}, Integer32{2});
                unsorted.Put({1}, Integer32{1});
                unsorted.PutComputed({2}, [] { return Integer32{3}; });
              }),
              ElementsAre(".1 = Integer32 1", ".2 = computed Integer32 3",
                          "ALREADY_EXISTS: .2: put twice"));
  EXPECT_THAT(
      LinesAndErrors([](Contents& often) {
        for (const int32_t i : {9, 1, 2, 3, 4}) {
          often.Put({9}, Integer32{1});
          often.Put({1, 2, 3, 4, 5, 6, 7, 8, 9}, Integer32{i});
        }
      }),
      ElementsAre(".1.2.3.4.5.6.7.8.9 = Integer32 4", ".9 = Integer32 1",
                  "ALREADY_EXISTS: .1.2.3.4.5.6.7.8.9: put twice",
                  "ALREADY_EXISTS: .9: put twice"));
  EXPECT_THAT(LinesAndErrors([](Contents& root) {
                root.Put({}, Integer32{1});
                root.Put({}, Integer32{2});
              }),
              ElementsAre(". = Integer32 2", "ALREADY_EXISTS: .: put twice"));
}

TEST(ContentsTest, TheLaterValueCountsAmongManyUnsortedOids) {
  constexpr uint32_t kRows = 40000;  // several sorted runs
  Contents contents;
  for (const int32_t value : {1, 2}) {
    for (uint32_t row = kRows; row > 0; --row) {
      contents.Put({row, 1}, Integer32{value});
    }
  }
  size_t entries = 0;
  EXPECT_THAT(ReadContents(contents,
                           [&](const Oid&, const StoredValue& stored,
                               absl::string_view) {
                             ++entries;
                             EXPECT_EQ(StoredValueText(stored), "Integer32 2");
                           }),
              IsOk());
  EXPECT_EQ(entries, kRows);
  EXPECT_EQ(contents.error_count(), kRows);
}

TEST(ContentsTest, ReadingAgainFindsTheSameErrors) {
  Contents contents;
  contents.Put({2}, Integer32{2});
  contents.Put({2}, Integer32{2});
  EXPECT_THAT(Finish(contents), IsOk());
  EXPECT_THAT(Finish(contents), IsOk());
  EXPECT_THAT(contents.errors(), SizeIs(1));
  EXPECT_EQ(contents.error_count(), 1u);
}

// --- Strict contents ---

Contents StrictContents() {
  return Contents(std::make_unique<internal::PackedContents>(
      Oid{1, 3}, /*is_strict=*/true));
}

TEST(StrictContentsTest, FailWithTheirFirstError) {
  Contents contents = StrictContents();
  contents.Put({1}, Integer32{1});
  contents.Put({2}, absl::StatusOr<Value>(absl::UnavailableError("no sensor")));
  contents.Put({3}, Integer32::FromNumber(5000000000));
  contents.Put({4}, Integer32{4});
  EXPECT_THAT(contents.errors(), IsEmpty());
  EXPECT_THAT(contents.status(),
              StatusIs(absl::StatusCode::kUnavailable, ".1.3.2: no sensor"));
  EXPECT_EQ(Finish(contents), contents.status());
}

TEST(StrictContentsTest, FailIfAValueIsSaturated) {
  Contents contents = StrictContents();
  contents.Put({1}, Gauge32::FromNumberSaturated(-5));
  EXPECT_EQ(Finish(contents).code(), absl::StatusCode::kOutOfRange);
}

TEST(StrictContentsTest, FailIfAnOidIsPutTwice) {
  Contents contents = StrictContents();
  contents.Put({2}, Integer32{2});
  contents.Put({1}, Integer32{1});
  contents.Put({2}, Integer32{3});
  EXPECT_THAT(Finish(contents),
              StatusIs(absl::StatusCode::kAlreadyExists, ".1.3.2: put twice"));
}

TEST(StrictContentsTest, FailIfARowIsAddedTwice) {
  TableBuilder table;
  table.AddRow({7});
  table.AddRow({7});
  Contents contents = StrictContents();
  contents.PutTable({1}, table);
  EXPECT_THAT(Finish(contents), StatusIs(absl::StatusCode::kAlreadyExists,
                                         "row .7 of .1.3.1 was added twice"));
}

TEST(StrictContentsTest, FailWithAnErrorThatHasNoName) {
  Contents contents = StrictContents();
  contents.AddError(absl::DataLossError("cut off"));
  EXPECT_THAT(Finish(contents),
              StatusIs(absl::StatusCode::kDataLoss, "cut off"));
}

// --- Entries ---

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

TEST(ContentsTest, MoreValuesThanRowsOfResultsAreAnError) {
  Contents contents;
  contents.PutColumn(
      {1, 2}, RowIndex::UpTo(1),
      std::vector<Converted<Gauge32>>(2, Gauge32::FromNumber(-1)));
  EXPECT_THAT(contents.status(), StatusIs(absl::StatusCode::kInvalidArgument,
                                          ".1.2: 2 values for 1 rows"));
}

TEST(ContentsTest, LeavesOutTheErrorsInAColumn) {
  EXPECT_THAT(
      LinesAndErrors([](Contents& contents) {
        std::vector<Converted<Gauge32>> numbers;
        for (const double number : {1.5, std::nan(""), -3.0}) {
          numbers.push_back(Gauge32::FromNumberSaturated(number));
        }
        std::vector<absl::StatusOr<OctetString>> texts(3, OctetString{"text"});
        texts[2] = absl::NotFoundError("no text");
        const auto rows = RowIndex::FromNumbers({4, 7, 9}).value();
        contents.PutColumn({1, 2}, rows, numbers);
        contents.PutColumn({1, 3}, rows, std::move(texts));
      }),
      ElementsAre(".1.2.4 = Gauge32 2", ".1.2.9 = Gauge32 0",
                  ".1.3.4 = OctetString \"text\"",
                  ".1.3.7 = OctetString \"text\"",
                  "INVALID_ARGUMENT: .1.2.7 is left out: nan is not an integer",
                  "OUT_OF_RANGE: .1.2.9: -3 is not a Gauge32: 0..4294967295; "
                  "the nearest is 0",
                  "NOT_FOUND: .1.3.9 is left out: no text"));
}

TEST(ContentsTest, AnEntryTakesThePlaceOfACell) {
  const auto put_entry = [](Contents& contents) {
    contents.Put({1, 2}, Integer32{5}, "label");
  };
  const auto put_column = [](Contents& contents) {
    contents.PutColumn({1}, RowIndex::UpTo(3), std::vector<Gauge32>(3));
  };
  for (const bool column_is_first : {true, false}) {
    EXPECT_THAT(
        LinesAndErrors([&](Contents& contents) {
          if (column_is_first) put_column(contents);
          put_entry(contents);
          if (!column_is_first) put_column(contents);
        }),
        ElementsAre(".1.1 = Gauge32 0", ".1.2 = Integer32 5 # label",
                    ".1.3 = Gauge32 0", "ALREADY_EXISTS: .1.2: put twice"));
  }
}

TEST(ContentsTest, OfTwoColumnsTheLaterOneCountsCellByCell) {
  EXPECT_THAT(
      LinesAndErrors([](Contents& contents) {
        contents.PutColumn({1}, RowIndex::UpTo(3),
                           std::vector<Gauge32>{{1}, {1}, {1}});
        contents.PutColumn({1}, RowIndex::FromNumbers({2, 4}).value(),
                           std::vector<Counter32>{{2}, {2}});
      }),
      ElementsAre(".1.1 = Gauge32 1", ".1.2 = Counter32 2", ".1.3 = Gauge32 1",
                  ".1.4 = Counter32 2", "ALREADY_EXISTS: .1.2: put twice"));
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

TEST(ContentsTest, OverrideReplacesAnInstanceWithAnError) {
  EXPECT_THAT(LinesAndErrors([](Contents& contents) {
                contents.Put({1}, Integer32::FromNumber(5000000000));
                contents.Put({2}, Integer32{1});
                contents.Put({2}, Integer32{2});
                Changes changes;
                changes.Put({1}, Integer32{1});
                changes.Erase({2});
                contents.Override(changes);
              }),
              ElementsAre(".1 = Integer32 1",
                          "OUT_OF_RANGE: .1 is left out: 5000000000 is not an "
                          "Integer32: -2147483648..2147483647",
                          "ALREADY_EXISTS: .2: put twice"));
}

}  // namespace
}  // namespace passpersist
