// SPDX-License-Identifier: Apache-2.0
//
// What contents leave out, and what they serve once.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/encoding/packed_contents.h"
#include "passpersist/read_contents.h"
#include "passpersist/row_index.h"
#include "passpersist/table_builder.h"
#include "passpersist/testing/contents_lines.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::Lines;
using passpersist_testing::StatusIs;
using passpersist_testing::Text;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// The status that a store gets.
absl::Status Finish(const Contents& contents) {
  return ReadContents(contents,
                      [](const Oid&, const StoredValue&, absl::string_view) {});
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

// --- Entries ---

TEST(ContentsErrorsTest, PutsTheValueOfAResult) {
  Contents contents;
  contents.Put({1}, Integer32::FromNumber(5), "five");
  contents.Put({2}, absl::StatusOr<Value>(Gauge32{6}));
  EXPECT_THAT(Lines(contents),
              ElementsAre(".1 = Integer32 5 # five", ".2 = Gauge32 6"));
  EXPECT_THAT(contents.errors(), IsEmpty());
}

TEST(ContentsErrorsTest, LeavesOutAnErrorAloneAndNamesIt) {
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

TEST(ContentsErrorsTest, ServesASaturatedValueAndNamesIt) {
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

TEST(ContentsErrorsTest, KeepsTheFirst16ErrorsAndTheirNumber) {
  Contents contents;
  for (uint32_t row = 0; row < 100; ++row) {
    contents.Put({row}, Integer32::FromNumber(5e9));
  }
  EXPECT_THAT(contents.errors(), SizeIs(16));
  EXPECT_EQ(contents.error_count(), 100u);
  EXPECT_THAT(Lines(contents), IsEmpty());
}

TEST(ContentsErrorsTest, TakesErrorsThatHaveNoName) {
  Contents contents;
  contents.AddError(absl::DataLossError("line 7 of the file is cut off"));
  EXPECT_THAT(contents.status(), IsOk());
  EXPECT_THAT(contents.errors(),
              ElementsAre(StatusIs(absl::StatusCode::kDataLoss,
                                   "line 7 of the file is cut off")));
}

TEST(ContentsErrorsTest, OfTwoValuesForOneOidTheLaterOneCounts) {
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

TEST(ContentsErrorsTest, TheLaterValueCountsAmongManyUnsortedOids) {
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
                             EXPECT_EQ(Text(stored), "Integer32 2");
                           }),
              IsOk());
  EXPECT_EQ(entries, kRows);
  EXPECT_EQ(contents.error_count(), kRows);
}

TEST(ContentsErrorsTest, ReadingAgainFindsTheSameErrors) {
  Contents contents;
  contents.Put({2}, Integer32{2});
  contents.Put({2}, Integer32{2});
  EXPECT_THAT(Finish(contents), IsOk());
  EXPECT_THAT(Finish(contents), IsOk());
  EXPECT_THAT(contents.errors(), SizeIs(1));
  EXPECT_EQ(contents.error_count(), 1u);
}

TEST(ContentsErrorsTest, MoreValuesThanRowsOfResultsAreAnError) {
  Contents contents;
  contents.PutColumn(
      {1, 2}, RowIndex::UpTo(1),
      std::vector<Converted<Gauge32>>(2, Gauge32::FromNumber(-1)));
  EXPECT_THAT(contents.status(), StatusIs(absl::StatusCode::kInvalidArgument,
                                          ".1.2: 2 values for 1 rows"));
}

TEST(ContentsErrorsTest, LeavesOutTheErrorsInAColumn) {
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

TEST(ContentsErrorsTest, AnEntryTakesThePlaceOfACell) {
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

TEST(ContentsErrorsTest, OfTwoColumnsTheLaterOneCountsCellByCell) {
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

TEST(ContentsErrorsTest, OverrideReplacesAnInstanceWithAnError) {
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

}  // namespace
}  // namespace passpersist
