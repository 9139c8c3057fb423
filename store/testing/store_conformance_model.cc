// SPDX-License-Identifier: Apache-2.0

#include "store/testing/store_conformance_model.h"

#include <cstddef>
#include <ostream>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace passpersist_testing {

using passpersist::Changes;
using passpersist::ComputedValue;
using passpersist::Contents;
using passpersist::Iterator;
using passpersist::Oid;
using passpersist::Snapshot;
using passpersist::StoredValue;
using passpersist::Value;

namespace {

Value Resolve(const Oid& suffix, const StoredValue& stored) {
  if (const Value* const value = std::get_if<Value>(&stored)) return *value;
  absl::StatusOr<Value> value = std::get<ComputedValue>(stored)();
  if (value.ok()) return *std::move(value);
  ADD_FAILURE() << suffix << ": " << value.status();
  return passpersist::Integer32{-1};
}

}  // namespace

bool operator==(const StoreRow& a, const StoreRow& b) {
  return a.suffix == b.suffix && a.value == b.value && a.label == b.label;
}

std::ostream& operator<<(std::ostream& os, const StoreRow& row) {
  constexpr size_t kEnough = 100;
  const std::string value = passpersist::ToString(row.value);
  os << row.suffix << " = " << value.substr(0, kEnough);
  if (value.size() > kEnough) os << "… (" << value.size() << " characters)";
  return row.label.empty() ? os : os << " (" << row.label << ")";
}

Contents ToContents(const std::vector<StoreRow>& rows) {
  Contents contents;
  for (const StoreRow& row : rows) {
    contents.Put(row.suffix, row.value, row.label);
  }
  return contents;
}

StoreRow ReadRow(const Iterator& iterator) {
  return {iterator.suffix(), Resolve(iterator.suffix(), iterator.value()),
          std::string(iterator.label())};
}

std::vector<StoreRow> ReadRows(const Snapshot& snapshot) {
  std::vector<StoreRow> rows;
  const auto iterator = snapshot.NewIterator();
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    rows.push_back(ReadRow(*iterator));
  }
  EXPECT_EQ(snapshot.size(), rows.size());
  return rows;
}

void StoreModel::Replace(const std::vector<StoreRow>& rows) {
  rows_.clear();
  for (const StoreRow& row : rows) rows_[row.suffix] = row;
}

void StoreModel::Apply(const Changes& changes) {
  for (const Changes::NetChange& change : changes.Normalized()) {
    const Oid& suffix = *change.suffix;
    if (change.value == nullptr) {
      rows_.erase(suffix);
      continue;
    }
    StoreRow& row = rows_[suffix];
    row.suffix = suffix;
    row.value = Resolve(suffix, *change.value);
    if (change.label) row.label = std::string(*change.label);
  }
}

std::vector<StoreRow> StoreModel::Rows() const {
  std::vector<StoreRow> rows;
  for (const auto& [suffix, row] : rows_) rows.push_back(row);
  return rows;
}

void StoreModel::ExpectSameSeek(const Oid& suffix, Iterator* iterator) const {
  constexpr int kSteps = 3;
  auto expected = rows_.lower_bound(suffix);
  iterator->Seek(suffix);
  for (int step = 0; step < kSteps; ++step) {
    ASSERT_EQ(iterator->Valid(), expected != rows_.end())
        << "step " << step << " from " << suffix;
    if (expected == rows_.end()) return;
    EXPECT_EQ(ReadRow(*iterator), expected->second)
        << "step " << step << " from " << suffix;
    iterator->Next();
    ++expected;
  }
}

}  // namespace passpersist_testing
