// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/mib/subtree.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/row_index.h"
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

class SubtreeTest : public testing::Test {
 protected:
  // ".1 = Integer32 5", followed by " # label" if there is a label.
  std::vector<std::string> Lines() const {
    std::vector<std::string> lines;
    const std::unique_ptr<Iterator> iterator =
        subtree_.snapshot()->NewIterator();
    for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
      lines.push_back(absl::StrCat(iterator->suffix().ToString(), " = ",
                                   ToString(std::get<Value>(iterator->value())),
                                   iterator->label().empty() ? "" : " # ",
                                   iterator->label()));
    }
    return lines;
  }

  absl::Status Update(UpdateFn update) {
    return subtree_.Update(update, Contents());
  }

  absl::Status Put(const Oid& suffix, Value value) {
    Changes changes;
    changes.Put(suffix, std::move(value));
    return Apply(changes);
  }
  absl::Status Erase(const Oid& suffix) {
    Changes changes;
    changes.Erase(suffix);
    return Apply(changes);
  }
  absl::Status Apply(const Changes& changes) {
    MutexLock lock(subtree_.mutex());
    return subtree_.Apply(changes);
  }

  // Runs an update that puts `number` for .1.
  absl::Status UpdateTo(int32_t number) {
    return Update([number](Contents& contents) {
      contents.Put({1}, Integer32{number}, "label");
      return absl::OkStatus();
    });
  }

  const std::shared_ptr<FakeStore> store_ = std::make_shared<FakeStore>();
  Subtree subtree_{Oid{1, 3}, store_, /*is_updated=*/true};
};

// --- Update ---

TEST_F(SubtreeTest, HasARootAndTheSnapshotOfItsStore) {
  EXPECT_EQ(subtree_.root(), (Oid{1, 3}));
  EXPECT_EQ(subtree_.snapshot(), store_->snapshot());
}

TEST_F(SubtreeTest, PublishesTheContentsOfAnUpdate) {
  EXPECT_THAT(UpdateTo(5), IsOk());
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 5 # label"));
}

TEST_F(SubtreeTest, EachUpdateReplacesEverything) {
  ASSERT_THAT(UpdateTo(5), IsOk());
  EXPECT_THAT(Update([](Contents& contents) {
                contents.Put({2}, Integer32{6});
                return absl::OkStatus();
              }),
              IsOk());
  EXPECT_THAT(Lines(), ElementsAre(".2 = Integer32 6"));
  EXPECT_THAT(Update([](Contents&) { return absl::OkStatus(); }), IsOk());
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(SubtreeTest, AFailedUpdateKeepsTheOldValuesAndNamesTheRoot) {
  ASSERT_THAT(UpdateTo(5), IsOk());
  EXPECT_THAT(
      Update([](Contents& contents) {
        contents.Put({1}, Integer32{6});
        return absl::UnavailableError("no sensor");
      }),
      StatusIs(absl::StatusCode::kUnavailable, "update of .1.3: no sensor"));
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 5 # label"));
}

TEST_F(SubtreeTest, ContentsThatFailFailTheUpdate) {
  ASSERT_THAT(UpdateTo(5), IsOk());
  EXPECT_THAT(Update([](Contents& contents) {
                contents.Put({1}, Integer32{6});
                contents.PutColumn({2}, RowIndex::UpTo(2),
                                   std::vector<Gauge32>(3));
                return absl::OkStatus();
              }),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "update of .1.3: .2: 3 values for 2 rows"));
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 5 # label"));
}

TEST_F(SubtreeTest, AnErrorOfTheStoreFailsTheUpdate) {
  ASSERT_THAT(UpdateTo(5), IsOk());
  store_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_THAT(UpdateTo(6), StatusIs(absl::StatusCode::kResourceExhausted,
                                    "update of .1.3: full"));
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 5 # label"));
}

TEST_F(SubtreeTest, AnExceptionFailsTheUpdate) {
  ASSERT_THAT(UpdateTo(5), IsOk());
  EXPECT_THAT(Update([](Contents& contents) -> absl::Status {
                contents.Put({1}, Integer32{6});
                throw std::runtime_error("no sensor");
              }),
              StatusIs(absl::StatusCode::kInternal,
                       "update of .1.3: exception: no sensor"));
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 5 # label"));
  EXPECT_THAT(UpdateTo(7), IsOk());
}

// --- Sets ---

TEST_F(SubtreeTest, PublishesASetValueAtOnceAndKeepsTheLabel) {
  ASSERT_THAT(UpdateTo(5), IsOk());
  EXPECT_THAT(Put({1}, Integer32{6}), IsOk());
  EXPECT_THAT(Put({2, 7}, OctetString{"new"}), IsOk());
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 6 # label",
                                   ".2.7 = OctetString \"new\""));
}

TEST_F(SubtreeTest, AnErasedInstanceIsAbsent) {
  ASSERT_THAT(UpdateTo(5), IsOk());
  EXPECT_THAT(Erase({1}), IsOk());
  EXPECT_THAT(Erase({2}), IsOk());
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(SubtreeTest, FindsTheStoredValueOfAnInstance) {
  ASSERT_THAT(UpdateTo(5), IsOk());
  EXPECT_EQ(std::get<Value>(subtree_.Find({1, 3, 1}).value()),
            Value(Integer32{5}));
  EXPECT_FALSE(subtree_.Find({1, 3}).has_value());
  EXPECT_FALSE(subtree_.Find({1, 3, 0}).has_value());
  EXPECT_FALSE(subtree_.Find({1, 3, 1, 0}).has_value());
  EXPECT_FALSE(subtree_.Find({1, 3, 2}).has_value());
}

TEST_F(SubtreeTest, ReturnsTheErrorOfTheStoreForASet) {
  store_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_THAT(Put({1}, Integer32{6}),
              StatusIs(absl::StatusCode::kResourceExhausted, "full"));
}

// --- Both ---

TEST_F(SubtreeTest, AnUpdateThatBeganBeforeDoesNotOverwriteAWrite) {
  ASSERT_THAT(UpdateTo(5), IsOk());
  EXPECT_THAT(Update([&](Contents& contents) {
                contents.Put({1}, Integer32{5}, "label");
                contents.Put({2}, Integer32{5});
                contents.Put({3}, Integer32{5});
                EXPECT_THAT(Put({1}, Integer32{6}), IsOk());
                EXPECT_THAT(Erase({2}), IsOk());
                EXPECT_THAT(Put({0}, Integer32{7}), IsOk());
                return absl::OkStatus();
              }),
              IsOk());
  EXPECT_THAT(Lines(),
              ElementsAre(".0 = Integer32 7", ".1 = Integer32 6 # label",
                          ".3 = Integer32 5"));
}

TEST_F(SubtreeTest, TheNextUpdateMayReplaceTheWrittenValue) {
  ASSERT_THAT(Update([&](Contents&) { return Put({1}, Integer32{6}); }),
              IsOk());
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 6"));
  ASSERT_THAT(UpdateTo(8), IsOk());
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 8 # label"));
}

TEST_F(SubtreeTest, TheNextUpdateReplacesAWriteBetweenUpdates) {
  ASSERT_THAT(UpdateTo(5), IsOk());
  ASSERT_THAT(Put({1}, Integer32{6}), IsOk());
  ASSERT_THAT(UpdateTo(8), IsOk());
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 8 # label"));
}

TEST_F(SubtreeTest, AWriteDuringAnUpdateThatFailsStays) {
  EXPECT_THAT(
      Update([&](Contents&) {
        EXPECT_THAT(Put({1}, Integer32{6}), IsOk());
        return absl::UnavailableError("no sensor");
      }),
      StatusIs(absl::StatusCode::kUnavailable, "update of .1.3: no sensor"));
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 6"));
  // Only the update that was running keeps it; the next update replaces it.
  ASSERT_THAT(UpdateTo(8), IsOk());
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 8 # label"));
}

TEST_F(SubtreeTest, AnUpdateDoesNotRepeatAWriteThatFailed) {
  EXPECT_THAT(Update([&](Contents&) {
                store_->FailWith(absl::ResourceExhaustedError("full"));
                EXPECT_FALSE(Put({1}, Integer32{6}).ok());
                store_->FailWith(absl::OkStatus());
                return absl::OkStatus();
              }),
              IsOk());
  EXPECT_THAT(Lines(), IsEmpty());
}

TEST_F(SubtreeTest, AWriteDoesNotWaitForAnUpdateThatHangs) {
  absl::Notification collecting;
  absl::Notification release;
  std::thread updater([&] {
    EXPECT_THAT(Update([&](Contents&) {
                  collecting.Notify();
                  release.WaitForNotification();
                  return absl::OkStatus();
                }),
                IsOk());
  });
  collecting.WaitForNotification();
  EXPECT_THAT(Put({1}, Integer32{6}), IsOk());
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 6"));
  release.Notify();
  updater.join();
  EXPECT_THAT(Lines(), ElementsAre(".1 = Integer32 6"));
}

}  // namespace
}  // namespace passpersist::internal
