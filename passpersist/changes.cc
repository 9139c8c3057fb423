// SPDX-License-Identifier: Apache-2.0

#include "passpersist/changes.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace passpersist {
namespace {

// Makes `net` the net change of itself and `later`, a change of the same OID.
void Follow(const Changes::Change& later, Changes::NetChange* net) {
  const bool was_erased = net->value == nullptr;
  net->value = later.value ? &*later.value : nullptr;
  if (net->value == nullptr) {
    net->label = std::nullopt;
  } else if (!later.label.empty()) {
    net->label = later.label;
  } else if (was_erased) {
    net->label = absl::string_view();  // the instance has no label to keep
  }
}

}  // namespace

void Changes::Put(Oid suffix, Value value, absl::string_view label) {
  changes_.push_back(
      {std::move(suffix), StoredValue(std::move(value)), std::string(label)});
}

void Changes::PutComputed(Oid suffix, ComputedValue value,
                          absl::string_view label) {
  changes_.push_back(
      {std::move(suffix), StoredValue(std::move(value)), std::string(label)});
}

void Changes::Erase(Oid suffix) {
  changes_.push_back({std::move(suffix), std::nullopt, std::string()});
}

void Changes::Append(Changes other) {
  changes_.insert(changes_.end(),
                  std::make_move_iterator(other.changes_.begin()),
                  std::make_move_iterator(other.changes_.end()));
}

std::vector<Changes::NetChange> Changes::Normalized() const {
  std::vector<const Change*> sorted;
  sorted.reserve(changes_.size());
  for (const Change& change : changes_) sorted.push_back(&change);
  // The address decides between changes of one OID: it is their order.
  std::sort(sorted.begin(), sorted.end(), [](const Change* a, const Change* b) {
    if (a->suffix == b->suffix) return a < b;
    return a->suffix < b->suffix;
  });
  std::vector<NetChange> result;
  result.reserve(sorted.size());
  for (const Change* change : sorted) {
    if (result.empty() || *result.back().suffix != change->suffix) {
      const bool is_put = change->value.has_value();
      result.push_back(
          {&change->suffix, is_put ? &*change->value : nullptr, std::nullopt});
      if (is_put && !change->label.empty()) result.back().label = change->label;
    } else {
      Follow(*change, &result.back());
    }
  }
  return result;
}

}  // namespace passpersist
