#include "passpersist/contents.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

std::string SlotText(const Slot& slot) {
  if (const Value* const value = std::get_if<Value>(&slot)) {
    return ToString(*value);
  }
  const absl::StatusOr<Value> found = std::get<LazyValue>(slot)();
  return absl::StrCat(
      "lazy ", found.ok() ? ToString(*found) : found.status().ToString());
}

// ".1.0 = Integer32 5", and " # label" behind it where there is one.
std::vector<std::string> Finished(Contents contents) {
  const std::vector<Entry> entries = std::move(contents).Finish().value();
  std::vector<std::string> lines;
  for (const Entry& entry : entries) {
    lines.push_back(
        absl::StrCat(entry.suffix.ToString(), " = ", SlotText(entry.slot),
                     entry.label.empty() ? "" : " # ", entry.label));
  }
  return lines;
}

TEST(ContentsTest, KeepsValuesAndLabels) {
  Contents contents;
  contents.Put({1, 0}, OctetString{"eth0"}, "name");
  contents.Put({2, 0}, Counter32{7});
  EXPECT_EQ(contents.size(), 2u);
  EXPECT_THAT(contents.status(), IsOk());
  EXPECT_THAT(
      Finished(std::move(contents)),
      ElementsAre(".1.0 = OctetString \"eth0\" # name", ".2.0 = Counter32 7"));
}

TEST(ContentsTest, MayBeEmpty) { EXPECT_THAT(Finished(Contents()), IsEmpty()); }

TEST(ContentsTest, SortsByArcsWhatComesInAnyOrder) {
  Contents contents;
  contents.Put({10}, Integer32{10});
  contents.Put({4294967295}, Integer32{4});
  contents.Put({2, 1}, Integer32{21});
  contents.Put({2}, Integer32{2});
  contents.Put({}, Integer32{0});
  EXPECT_THAT(
      Finished(std::move(contents)),
      ElementsAre(". = Integer32 0", ".2 = Integer32 2", ".2.1 = Integer32 21",
                  ".10 = Integer32 10", ".4294967295 = Integer32 4"));
}

TEST(ContentsTest, PutsAValueThatTurnedOutToBeOne) {
  Contents contents;
  contents.Put({1}, Integer32::FromNumber(5), "five");
  contents.Put({2}, absl::StatusOr<Value>(Gauge32{6}));
  EXPECT_THAT(Finished(std::move(contents)),
              ElementsAre(".1 = Integer32 5 # five", ".2 = Gauge32 6"));
}

TEST(ContentsTest, TakesAnErrorInsteadOfAValueForAMistake) {
  Contents contents;
  contents.Put({1, 0}, Integer32::FromNumber(5'000'000'000));
  EXPECT_THAT(contents.status(), StatusIs(absl::StatusCode::kOutOfRange,
                                          ".1.0: 5000000000 is no Integer32: "
                                          "-2147483648..2147483647"));
  EXPECT_EQ(std::move(contents).Finish().status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(ContentsTest, TakesAnExceptionValueForAMistake) {
  for (const Value& value : {Value(NoSuchObject()), Value(NoSuchInstance()),
                             Value(EndOfMibView())}) {
    Contents contents;
    contents.Put({1, 0}, value);
    EXPECT_THAT(contents.status(),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         absl::StrCat(".1.0: ", std::string(TypeName(value)),
                                      " is no value to keep")));
  }
}

TEST(ContentsTest, TellsTheFirstMistake) {
  Contents contents;
  contents.Put({1}, Integer32{1});
  contents.Put({2}, absl::StatusOr<Value>(absl::UnavailableError("no sensor")));
  contents.Put({3}, NoSuchInstance());
  contents.Put({4}, Integer32{4});
  EXPECT_THAT(std::move(contents).Finish(),
              StatusIs(absl::StatusCode::kUnavailable, ".2: no sensor"));
}

TEST(ContentsTest, TakesAnOidThatWasPutTwiceForAMistake) {
  Contents in_order;
  in_order.Put({1}, Integer32{1});
  in_order.Put({2}, Integer32{2});
  in_order.Put({2}, Integer32{2});
  EXPECT_THAT(std::move(in_order).Finish(),
              StatusIs(absl::StatusCode::kAlreadyExists, ".2: put twice"));

  Contents unsorted;
  unsorted.Put({2}, Integer32{2});
  unsorted.Put({1}, Integer32{1});
  unsorted.PutLazy({2}, [] { return Integer32{3}; });
  EXPECT_THAT(std::move(unsorted).Finish(),
              StatusIs(absl::StatusCode::kAlreadyExists, ".2: put twice"));
}

TEST(ContentsTest, CallsALazyValueOnlyWhenItIsAskedFor) {
  int calls = 0;
  Contents contents;
  contents.PutLazy(
      {1}, [&calls] { return Integer32{++calls}; }, "label");
  std::vector<Entry> entries = std::move(contents).Finish().value();
  EXPECT_EQ(calls, 0);
  ASSERT_EQ(entries.size(), 1u);
  EXPECT_EQ(entries[0].label, "label");
  EXPECT_EQ(SlotText(entries[0].slot), "lazy Integer32 1");
  EXPECT_EQ(SlotText(entries[0].slot), "lazy Integer32 2");
}

TEST(LazyValueTest, CopiesShareTheFunction) {
  int calls = 0;
  const LazyValue lazy([calls]() mutable { return Integer32{++calls}; });
  const LazyValue copy = lazy;
  EXPECT_EQ(ToString(lazy().value()), "Integer32 1");
  EXPECT_EQ(ToString(copy().value()), "Integer32 2");
}

TEST(LazyValueTest, MayFail) {
  const LazyValue lazy([] { return absl::UnavailableError("no sensor"); });
  EXPECT_THAT(lazy(), StatusIs(absl::StatusCode::kUnavailable, "no sensor"));
}

// --- Changes ---

TEST(ChangesTest, KeepTheirOrder) {
  Changes changes;
  EXPECT_TRUE(changes.empty());
  changes.Put({2}, Integer32{2}, "two");
  changes.Erase({1});
  changes.PutLazy({2}, [] { return Integer32{22}; });
  EXPECT_FALSE(changes.empty());

  const std::vector<Changes::Change>& list = changes.changes();
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].suffix, Oid{2});
  EXPECT_EQ(SlotText(*list[0].slot), "Integer32 2");
  EXPECT_EQ(list[0].label, "two");
  EXPECT_EQ(list[1].suffix, Oid{1});
  EXPECT_FALSE(list[1].slot.has_value());
  EXPECT_EQ(SlotText(*list[2].slot), "lazy Integer32 22");

  changes.clear();
  EXPECT_TRUE(changes.empty());
}

TEST(ContentsTest, OverrideTakesThePlaceOfWhatWasPut) {
  Contents contents;
  contents.Put({1}, Integer32{1}, "one");
  contents.Put({2}, Integer32{2}, "two");
  contents.Put({3}, Integer32{3});
  Changes changes;
  changes.Put({1}, Integer32{11});
  changes.Put({2}, Integer32{22}, "new");
  changes.PutLazy({3}, [] { return Integer32{33}; });
  contents.Override(changes);
  EXPECT_THAT(Finished(std::move(contents)),
              ElementsAre(".1 = Integer32 11 # one", ".2 = Integer32 22 # new",
                          ".3 = lazy Integer32 33"));
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
  EXPECT_THAT(Finished(std::move(contents)),
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
  EXPECT_THAT(Finished(std::move(contents)),
              ElementsAre(".1 = Integer32 2", ".3 = Integer32 3"));
}

TEST(ContentsTest, OverrideByAnExceptionValueIsAMistake) {
  Contents contents;
  contents.Put({1}, Integer32{1});
  Changes changes;
  changes.Put({1}, NoSuchInstance());
  contents.Override(changes);
  EXPECT_THAT(std::move(contents).Finish(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ".1: noSuchInstance is no value to keep"));
}

TEST(ContentsTest, OverrideKeepsAMistake) {
  Contents contents;
  contents.Put({1}, NoSuchInstance());
  Changes changes;
  changes.Put({1}, Integer32{1});
  contents.Override(changes);
  EXPECT_EQ(contents.status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace passpersist
