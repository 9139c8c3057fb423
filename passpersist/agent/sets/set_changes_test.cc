// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/sets/set_changes.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::FakeStore;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::IsEmpty;

Changes Put(const Oid& suffix, Value value) {
  Changes changes;
  changes.Put(suffix, std::move(value));
  return changes;
}

Changes Erase(const Oid& suffix) {
  Changes changes;
  changes.Erase(suffix);
  return changes;
}

// Two subtrees with updates, .1.3 and .1.5. What is set at .1.3.9 is secret.
class SetChangesTest : public testing::Test {
 protected:
  // The contents of a subtree: ".1 = Integer32 5", with " # label".
  static std::vector<std::string> Lines(const FakeStore& store) {
    std::vector<std::string> lines;
    const auto iterator = store.snapshot()->NewIterator();
    for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
      lines.push_back(absl::StrCat(iterator->suffix().ToString(), " = ",
                                   ToString(std::get<Value>(iterator->value())),
                                   iterator->label().empty() ? "" : " # ",
                                   iterator->label()));
    }
    return lines;
  }

  absl::Status Publish() { return changes_.Publish(&failed_); }
  absl::Status TakeBack() { return changes_.TakeBack(&overtaken_); }

  // What another set or the owner writes.
  static void Write(const Changes& changes, FakeStore* store) {
    ASSERT_THAT(store->Apply(changes), IsOk());
  }

  const std::shared_ptr<FakeStore> first_ = std::make_shared<FakeStore>(
      FakeStore::Entries{{{1}, Integer32{1}}, {{2}, Integer32{2}}});
  const std::shared_ptr<FakeStore> second_ =
      std::make_shared<FakeStore>(FakeStore::Entries{{{1}, Integer32{1}}});
  const MibTree objects_ =
      MakeMibTree({{Oid{1, 3}, first_}, {Oid{1, 5}, second_}}, {},
                  /*is_updated=*/true, {Oid{1, 3, 9}});
  SetChanges changes_{&objects_};
  size_t failed_ = 99;
  std::set<Oid> overtaken_;
};

TEST_F(SetChangesTest, SuffixesAreRelativeToTheGivenRoot) {
  EXPECT_THAT(changes_.Add(0, {1, 3, 7}, Put({1}, Integer32{5})), IsOk());
  EXPECT_THAT(changes_.Add(0, {1, 3}, Put({2}, Integer32{6})), IsOk());
  EXPECT_THAT(Publish(), IsOk());
  EXPECT_THAT(Lines(*first_),
              ElementsAre(".1 = Integer32 1", ".2 = Integer32 6",
                          ".7.1 = Integer32 5"));
  EXPECT_THAT(changes_.Names(), ElementsAre(Oid{1, 3, 2}, Oid{1, 3, 7, 1}));
}

TEST_F(SetChangesTest, ARootMustBeInASubtree) {
  EXPECT_THAT(changes_.Add(0, {1, 4}, Put({1}, Integer32{5})),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "the setter changes .1.4, which is in no subtree"));
}

TEST_F(SetChangesTest, PublishesOncePerSubtreeAndTheLastChangeCounts) {
  const auto before = objects_.subtrees()[0]->writes();
  EXPECT_THAT(changes_.Add(0, {1, 3}, Put({1}, Integer32{5})), IsOk());
  EXPECT_THAT(changes_.Add(0, {1, 5}, Put({1}, Integer32{6})), IsOk());
  EXPECT_THAT(changes_.Add(1, {1, 3}, Put({1}, Integer32{7})), IsOk());
  EXPECT_THAT(changes_.Add(1, {1, 3}, Erase({2})), IsOk());
  EXPECT_THAT(Publish(), IsOk());
  EXPECT_THAT(Lines(*first_), ElementsAre(".1 = Integer32 7"));
  EXPECT_THAT(Lines(*second_), ElementsAre(".1 = Integer32 6"));
  EXPECT_EQ(objects_.subtrees()[0]->writes(), before + 1);
  EXPECT_THAT(changes_.Roots(), ElementsAre(Oid{1, 3}, Oid{1, 5}));
}

TEST_F(SetChangesTest, AnEmptyListOfChangesWritesNothing) {
  second_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_THAT(changes_.Add(0, {1, 5}, Changes()), IsOk());
  EXPECT_THAT(Publish(), IsOk());
  EXPECT_THAT(changes_.Roots(), ElementsAre(Oid{1, 5}));
}

TEST_F(SetChangesTest, AnErrorOfOneStoreLeavesTheOthersUnchanged) {
  EXPECT_THAT(changes_.Add(0, {1, 3}, Put({1}, Integer32{5})), IsOk());
  EXPECT_THAT(changes_.Add(0, {1, 3}, Put({7}, Integer32{5})), IsOk());
  EXPECT_THAT(changes_.Add(1, {1, 5}, Put({1}, Integer32{6})), IsOk());
  second_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_THAT(Publish(),
              StatusIs(absl::StatusCode::kResourceExhausted, "full"));
  EXPECT_EQ(failed_, 1u);
  EXPECT_THAT(Lines(*first_),
              ElementsAre(".1 = Integer32 1", ".2 = Integer32 2"));
}

TEST_F(SetChangesTest, WhatIsUndoneBeforeIsNotPublished) {
  EXPECT_THAT(changes_.Add(0, {1, 3}, Put({1}, Integer32{5})), IsOk());
  EXPECT_THAT(changes_.Add(1, {1, 3}, Put({2}, Integer32{6})), IsOk());
  changes_.MarkUndone(0);
  EXPECT_THAT(Publish(), IsOk());
  EXPECT_THAT(Lines(*first_),
              ElementsAre(".1 = Integer32 1", ".2 = Integer32 6"));
}

TEST_F(SetChangesTest, TakesBackWhatIsUndone) {
  EXPECT_THAT(changes_.Add(0, {1, 3}, Put({1}, Integer32{5})), IsOk());
  EXPECT_THAT(changes_.Add(0, {1, 3}, Put({7}, Integer32{5})), IsOk());
  EXPECT_THAT(changes_.Add(0, {1, 5}, Erase({1})), IsOk());
  EXPECT_THAT(changes_.Add(1, {1, 3}, Put({2}, Integer32{6})), IsOk());
  EXPECT_THAT(Publish(), IsOk());
  changes_.MarkUndone(0);
  EXPECT_THAT(TakeBack(), IsOk());
  EXPECT_THAT(Lines(*first_),
              ElementsAre(".1 = Integer32 1", ".2 = Integer32 6"));
  EXPECT_THAT(Lines(*second_), ElementsAre(".1 = Integer32 1"));
  EXPECT_THAT(overtaken_, IsEmpty());
}

TEST_F(SetChangesTest, TakesBackOnlyWhatTheSetHasLeft) {
  EXPECT_THAT(changes_.Add(0, {1, 3}, Put({1}, Integer32{5})), IsOk());
  EXPECT_THAT(changes_.Add(0, {1, 3}, Put({7}, Integer32{5})), IsOk());
  EXPECT_THAT(changes_.Add(0, {1, 5}, Erase({1})), IsOk());
  EXPECT_THAT(Publish(), IsOk());
  Write(Put({1}, Integer32{8}), first_.get());
  Write(Put({1}, Integer32{9}), second_.get());
  changes_.MarkUndone(0);
  EXPECT_THAT(TakeBack(), IsOk());
  EXPECT_THAT(Lines(*first_),
              ElementsAre(".1 = Integer32 8", ".2 = Integer32 2"));
  EXPECT_THAT(Lines(*second_), ElementsAre(".1 = Integer32 9"));
  EXPECT_THAT(overtaken_, ElementsAre(Oid{1, 3}, Oid{1, 5}));
}

TEST_F(SetChangesTest, RestoresLabelsAndComputedValues) {
  int32_t reading = 7;
  Changes before = Erase({1});
  before.PutComputed(
      {1}, [&reading] { return Integer32{reading}; }, "sensor");
  Write(before, first_.get());
  EXPECT_THAT(changes_.Add(0, {1, 3}, Erase({1})), IsOk());
  EXPECT_THAT(Publish(), IsOk());
  changes_.MarkUndone(0);
  EXPECT_THAT(TakeBack(), IsOk());
  const auto iterator = first_->snapshot()->NewIterator();
  iterator->SeekToFirst();
  EXPECT_EQ(iterator->label(), "sensor");
  reading = 8;
  EXPECT_EQ(std::get<ComputedValue>(iterator->value())().value(),
            Value(Integer32{8}));
}

TEST_F(SetChangesTest, TakesBackAComputedValueThatTheSetHasLeft) {
  Changes left;
  left.PutComputed({1}, [] { return Integer32{7}; });
  EXPECT_THAT(changes_.Add(0, {1, 3}, left), IsOk());
  EXPECT_THAT(Publish(), IsOk());
  changes_.MarkUndone(0);
  EXPECT_THAT(TakeBack(), IsOk());
  EXPECT_THAT(Lines(*first_),
              ElementsAre(".1 = Integer32 1", ".2 = Integer32 2"));
}

TEST_F(SetChangesTest, TakesBackNothingInAStoreOfAnOwner) {
  const MibTree objects = MakeMibTree({{Oid{1, 3}, first_}});
  SetChanges changes(&objects);
  EXPECT_THAT(changes.Add(0, {1, 3}, Put({1}, Integer32{5})), IsOk());
  EXPECT_THAT(changes.Publish(&failed_), IsOk());
  changes.MarkUndone(0);
  EXPECT_THAT(changes.TakeBack(&overtaken_), IsOk());
  EXPECT_THAT(Lines(*first_),
              ElementsAre(".1 = Integer32 5", ".2 = Integer32 2"));
  EXPECT_THAT(overtaken_, IsEmpty());
}

TEST_F(SetChangesTest, ASecretIsReplacedByTheEmptyValueOfItsType) {
  Changes left = Put({9, 0}, OctetString{"secret"});
  left.Put({9, 1}, Integer32{1234});
  left.Put({10, 0}, OctetString{"open"});
  EXPECT_THAT(changes_.Add(0, {1, 3}, left), IsOk());
  EXPECT_THAT(Publish(), IsOk());
  EXPECT_THAT(Lines(*first_),
              ElementsAre(".1 = Integer32 1", ".2 = Integer32 2",
                          ".9.0 = OctetString \"\"", ".9.1 = Integer32 0",
                          ".10.0 = OctetString \"open\""));
}

TEST_F(SetChangesTest, AnUpdateThatBeganBeforeDoesNotOverwriteABatch) {
  Changes left = Put({5}, Integer32{5});
  left.Erase({1});
  EXPECT_THAT(changes_.Add(0, {1, 3}, left), IsOk());
  UpdateFn update = [this](Contents& contents) {
    contents.Put({1}, Integer32{1});
    contents.Put({2}, Integer32{2});
    return Publish();
  };
  EXPECT_THAT(objects_.subtrees()[0]->Update(update, Contents()), IsOk());
  EXPECT_THAT(Lines(*first_),
              ElementsAre(".2 = Integer32 2", ".5 = Integer32 5"));
}

}  // namespace
}  // namespace passpersist::internal
