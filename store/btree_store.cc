#include "store/btree_store.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"

namespace passpersist {

// Labels are apart from the slots, so that a table without them doesn't pay.
class BtreeStore::Table : public Snapshot,
                          public std::enable_shared_from_this<Table> {
 public:
  std::unique_ptr<Iterator> NewIterator() const override;
  size_t size() const override { return slots.size(); }

  absl::btree_map<Oid, Slot> slots;
  absl::btree_map<Oid, std::string> labels;

 private:
  class TableIterator;
};

class BtreeStore::Table::TableIterator : public Iterator {
 public:
  explicit TableIterator(std::shared_ptr<const Table> table)
      : table_(std::move(table)), position_(table_->slots.end()) {}

  bool Valid() const override { return position_ != table_->slots.end(); }
  void SeekToFirst() override { position_ = table_->slots.begin(); }
  void Seek(const Oid& suffix) override {
    position_ = table_->slots.lower_bound(suffix);
  }
  void Next() override { ++position_; }

  const Oid& suffix() const override { return position_->first; }
  const Slot& slot() const override { return position_->second; }
  absl::string_view label() const override {
    const auto label = table_->labels.find(position_->first);
    return label == table_->labels.end() ? absl::string_view() : label->second;
  }

 private:
  const std::shared_ptr<const Table> table_;
  absl::btree_map<Oid, Slot>::const_iterator position_;
};

std::unique_ptr<Iterator> BtreeStore::Table::NewIterator() const {
  return std::make_unique<TableIterator>(shared_from_this());
}

BtreeStore::BtreeStore() : table_(std::make_shared<Table>()) {}

StoreFactory BtreeStore::Factory() {
  return [] { return std::make_unique<BtreeStore>(); };
}

std::shared_ptr<const Snapshot> BtreeStore::snapshot() const {
  return published();
}

std::shared_ptr<const BtreeStore::Table> BtreeStore::published() const {
  absl::MutexLock lock(&pointer_);
  return table_;
}

absl::Status BtreeStore::Replace(Contents contents) {
  absl::StatusOr<std::vector<Entry>> entries = std::move(contents).Finish();
  if (!entries.ok()) return entries.status();
  auto table = std::make_shared<Table>();
  for (Entry& entry : *entries) {
    if (!entry.label.empty()) {
      table->labels.emplace_hint(table->labels.end(), entry.suffix,
                                 std::move(entry.label));
    }
    table->slots.emplace_hint(table->slots.end(), std::move(entry.suffix),
                              std::move(entry.slot));
  }
  absl::MutexLock lock(&writer_);
  Publish(std::move(table));
  return absl::OkStatus();
}

absl::Status BtreeStore::Apply(const Changes& changes) {
  absl::MutexLock lock(&writer_);
  const auto table = std::make_shared<Table>(*published());
  for (const Changes::Change& change : changes.changes()) {
    if (!change.slot) {
      table->slots.erase(change.suffix);
      table->labels.erase(change.suffix);
      continue;
    }
    const Value* const value = std::get_if<Value>(&*change.slot);
    if (value != nullptr && IsException(*value)) {
      return absl::InvalidArgumentError(absl::StrCat(change.suffix.ToString(),
                                                     ": ", TypeName(*value),
                                                     " is no value to keep"));
    }
    table->slots.insert_or_assign(change.suffix, *change.slot);
    if (!change.label.empty()) {
      table->labels.insert_or_assign(change.suffix, change.label);
    }
  }
  Publish(table);
  return absl::OkStatus();
}

void BtreeStore::Publish(std::shared_ptr<const Table> table) {
  {
    absl::MutexLock lock(&pointer_);
    table_.swap(table);
  }
  // The table of before, if no reader holds it, goes away here: not under the
  // lock that readers take.
}

}  // namespace passpersist
