// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"
#include "store/testing/store_conformance_test_lib.h"

namespace passpersist_testing {

using passpersist::Changes;
using passpersist::Counter64;
using passpersist::Integer32;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Snapshot;
using passpersist::Value;
using testing::ElementsAreArray;

namespace {

// Makes random contents and changes. The suffixes are few and similar, so that
// they repeat.
class RandomInput {
 public:
  explicit RandomInput(uint32_t seed) : random_(seed) {}

  size_t Below(size_t bound) { return random_() % bound; }

  Oid Name() {
    constexpr uint32_t kArcs[] = {0, 1, 2, 8, 80, 255, 256, 0xffffffff};
    Oid suffix;
    const size_t size = Below(100) == 0 ? Oid::kMaxArcs : Below(5);
    while (suffix.size() < size) suffix.Append(kArcs[Below(std::size(kArcs))]);
    return suffix;
  }

  Value AnyValue() {
    switch (Below(3)) {
      case 0:
        return Integer32{static_cast<int32_t>(random_())};
      case 1:
        return Counter64{uint64_t{random_()} << 32 | random_()};
      default:
        return OctetString{std::string(Below(40), 'x')};
    }
  }

  std::string Label() {
    return Below(3) == 0 ? absl::StrCat("label ", Below(10)) : "";
  }

  // In any order, without duplicates.
  std::vector<StoreRow> Rows() {
    StoreModel model;
    Changes changes;
    for (size_t left = Below(60); left > 0; --left) {
      changes.Put(Name(), AnyValue(), Label());
    }
    model.Apply(changes);
    std::vector<StoreRow> rows = model.Rows();
    std::shuffle(rows.begin(), rows.end(), random_);
    return rows;
  }

  Changes SomeChanges() {
    Changes changes;
    for (size_t left = Below(8); left > 0; --left) {
      switch (Below(4)) {
        case 0:
          changes.Erase(Name());
          break;
        case 1:
          changes.PutComputed(
              Name(), [value = AnyValue()] { return value; }, Label());
          break;
        default:
          changes.Put(Name(), AnyValue(), Label());
      }
    }
    return changes;
  }

 private:
  std::mt19937 random_;
};

// A snapshot that a reader holds, and the rows that it has to keep.
struct Kept {
  std::shared_ptr<const Snapshot> snapshot;
  StoreModel model;
};

}  // namespace

TEST_P(StoreConformanceTest, RandomOperationsEqualTheModel) {
  constexpr uint32_t kSeed = 20220623;
  constexpr int kSteps = 1000;
  constexpr size_t kSnapshots = 5;
  SCOPED_TRACE(absl::StrCat("seed ", kSeed));
  RandomInput input(kSeed);
  StoreModel model;
  std::deque<Kept> kept;
  for (int step = 0; step < kSteps; ++step) {
    SCOPED_TRACE(absl::StrCat("step ", step));
    if (input.Below(10) == 0) {
      const std::vector<StoreRow> rows = input.Rows();
      Replace(rows);
      model.Replace(rows);
    } else {
      const Changes changes = input.SomeChanges();
      Apply(changes);
      model.Apply(changes);
    }
    ASSERT_THAT(Rows(), ElementsAreArray(model.Rows()));
    const auto iterator = NewIterator();
    for (int seeks = 0; seeks < 3; ++seeks) {
      model.ExpectSameSeek(input.Name(), iterator.get());
    }
    if (input.Below(20) == 0) kept.push_back({store_->snapshot(), model});
    if (kept.size() > kSnapshots) {
      const Kept& oldest = kept.front();
      ASSERT_THAT(ReadRows(*oldest.snapshot),
                  ElementsAreArray(oldest.model.Rows()));
      kept.pop_front();
    }
    if (HasFailure()) return;
  }
}

}  // namespace passpersist_testing
