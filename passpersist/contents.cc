#include "passpersist/contents.h"

#include <algorithm>
#include <variant>

namespace passpersist {

void Contents::Put(Oid suffix, Value value, absl::string_view label) {
  if (CanKeep(suffix, value)) Add(std::move(suffix), std::move(value), label);
}

void Contents::PutLazy(Oid suffix, LazyValue::Function function,
                       absl::string_view label) {
  Add(std::move(suffix), LazyValue(std::move(function)), label);
}

void Contents::Override(const Changes& changes) {
  for (const Changes::Change& change : changes.changes()) {
    const Value* const value =
        change.slot ? std::get_if<Value>(&*change.slot) : nullptr;
    if (value != nullptr && !CanKeep(change.suffix, *value)) continue;
    const auto entry =
        std::find_if(entries_.begin(), entries_.end(),
                     [&](const Entry& e) { return e.suffix == change.suffix; });
    if (!change.slot) {
      if (entry != entries_.end()) entries_.erase(entry);
    } else if (entry == entries_.end()) {
      Add(change.suffix, *change.slot, change.label);
    } else {
      entry->slot = *change.slot;
      if (!change.label.empty()) entry->label = change.label;
    }
  }
}

absl::StatusOr<std::vector<Entry>> Contents::Finish() && {
  if (!status_.ok()) return status_;
  const auto before = [](const Entry& a, const Entry& b) {
    return a.suffix < b.suffix;
  };
  if (!sorted_) {
    std::sort(entries_.begin(), entries_.end(), before);
    const auto twice = std::adjacent_find(
        entries_.begin(), entries_.end(),
        [](const Entry& a, const Entry& b) { return a.suffix == b.suffix; });
    if (twice != entries_.end()) {
      AddMistake(twice->suffix, absl::AlreadyExistsError("put twice"));
      return status_;
    }
  }
  return std::move(entries_);
}

void Contents::Add(Oid suffix, Slot slot, absl::string_view label) {
  sorted_ = sorted_ && (entries_.empty() || entries_.back().suffix < suffix);
  entries_.push_back({std::move(suffix), std::move(slot), std::string(label)});
}

bool Contents::CanKeep(const Oid& suffix, const Value& value) {
  if (!IsException(value)) return true;
  AddMistake(suffix, absl::InvalidArgumentError(absl::StrCat(
                         TypeName(value), " is no value to keep")));
  return false;
}

void Contents::AddMistake(const Oid& suffix, const absl::Status& mistake) {
  if (!status_.ok()) return;
  status_ = absl::Status(
      mistake.code(), absl::StrCat(suffix.ToString(), ": ", mistake.message()));
}

void Changes::Put(Oid suffix, Value value, absl::string_view label) {
  changes_.push_back(
      {std::move(suffix), Slot(std::move(value)), std::string(label)});
}

void Changes::PutLazy(Oid suffix, LazyValue::Function function,
                      absl::string_view label) {
  changes_.push_back({std::move(suffix), Slot(LazyValue(std::move(function))),
                      std::string(label)});
}

void Changes::Erase(Oid suffix) {
  changes_.push_back({std::move(suffix), std::nullopt, std::string()});
}

}  // namespace passpersist
