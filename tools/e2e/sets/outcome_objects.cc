// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/sets/outcome_objects.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/value.h"
#include "store/btree_store.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace passpersist_testing {
namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist::internal::MutexLock;

constexpr absl::Duration kPeriod = absl::Milliseconds(2);

// The roots of the two subtrees, and the entry of the table.
const Oid& Scalars() {
  static const Oid* const root = new Oid(Playpen({1}));
  return *root;
}
const Oid& Table() {
  static const Oid* const root = new Oid(Playpen({2}));
  return *root;
}
Oid Entry() { return Concat(Table(), {1}); }

enum Column : uint32_t { kName = 1, kLimit = 2, kStatus = 3 };
enum RowStatus : int32_t { kActive = 1, kCreateAndGo = 4, kDestroy = 6 };

int32_t Fahrenheit(int32_t celsius) { return celsius * 9 / 5 + 32; }
int32_t Celsius(int32_t fahrenheit) { return (fahrenheit - 32) * 5 / 9; }

int32_t NumberOf(const Value& value) {
  return std::get<Integer32>(value).value;
}

Changes Put(Oid suffix, Value value) {
  Changes changes;
  changes.Put(std::move(suffix), std::move(value));
  return changes;
}

// What the program knows. The functions SetX() change it, and say what the
// subtrees hold then.
//
// Safe for concurrent use.
class Device {
 public:
  absl::Status PutScalars(Contents& contents) {
    MutexLock lock(mutex_);
    contents.Put({1, 0}, OctetString{});
    contents.Put({2, 0}, Integer32{test_and_incr_});
    contents.Put({3, 0}, Integer32{1});
    contents.Put({4, 0}, Counter32{actions_});
    contents.Put({5, 0}, OctetString{text_});
    contents.Put({6, 0}, Integer32{celsius_});
    contents.Put({7, 0}, Integer32{Fahrenheit(celsius_)});
    return absl::OkStatus();
  }

  absl::Status PutTable(Contents& contents) {
    MutexLock lock(mutex_);
    for (const auto& [index, row] : rows_) {
      contents.Put({1, kName, index}, OctetString{row.name});
      contents.Put({1, kLimit, index}, Integer32{row.limit});
      contents.Put({1, kStatus, index}, Integer32{kActive});
    }
    return absl::OkStatus();
  }

  // A program would store a hash of it.
  CommitResult SetPassword(const Oid&, const Value&) {
    return SetOutcome::Holds(OctetString{});
  }

  SetResult TestTestAndIncr(const Oid&, const Value& value) {
    MutexLock lock(mutex_);
    return NumberOf(value) == test_and_incr_ ? ErrorStatus::kNoError
                                             : ErrorStatus::kInconsistentValue;
  }

  CommitResult SetTestAndIncr(const Oid&, const Value&) {
    MutexLock lock(mutex_);
    return SetOutcome::Holds(Integer32{++test_and_incr_});
  }

  CommitResult SetAction(const Oid&, const Value&) {
    MutexLock lock(mutex_);
    return SetOutcome::Holds(Integer32{1})
        .Also(Scalars(), Put({4, 0}, Counter32{++actions_}));
  }

  CommitResult SetText(const Oid&, const Value& value) {
    MutexLock lock(mutex_);
    text_ = absl::AsciiStrToLower(std::get<OctetString>(value).bytes);
    return SetOutcome::Holds(OctetString{text_});
  }

  CommitResult SetCelsius(const Oid&, const Value& value) {
    MutexLock lock(mutex_);
    celsius_ = NumberOf(value);
    return SetOutcome().Also(Scalars(),
                             Put({7, 0}, Integer32{Fahrenheit(celsius_)}));
  }

  CommitResult SetFahrenheit(const Oid&, const Value& value) {
    MutexLock lock(mutex_);
    celsius_ = Celsius(NumberOf(value));
    return SetOutcome().Also(Scalars(), Put({6, 0}, Integer32{celsius_}));
  }

  CommitResult SetName(const Oid& suffix, const Value& value) {
    MutexLock lock(mutex_);
    rows_[suffix.back()].name = std::get<OctetString>(value).bytes;
    return ErrorStatus::kNoError;
  }

  CommitResult SetLimit(const Oid& suffix, const Value& value) {
    MutexLock lock(mutex_);
    rows_[suffix.back()].limit = NumberOf(value);
    return ErrorStatus::kNoError;
  }

  SetResult TestStatus(const Oid& suffix, const Value& value) {
    const auto* const action = std::get_if<Integer32>(&value);
    if (action == nullptr) return ErrorStatus::kWrongType;
    if (suffix.size() != 1) return ErrorStatus::kNoCreation;
    MutexLock lock(mutex_);
    const bool exists = rows_.count(suffix[0]) > 0;
    switch (action->value) {
      case kActive:
        return exists ? ErrorStatus::kNoError : ErrorStatus::kInconsistentValue;
      case kCreateAndGo:
        return exists ? ErrorStatus::kInconsistentValue : ErrorStatus::kNoError;
      case kDestroy:
        return ErrorStatus::kNoError;
      default:
        return ErrorStatus::kWrongValue;
    }
  }

  CommitResult SetStatus(const Oid& suffix, const Value& value) {
    const uint32_t index = suffix[0];
    Changes columns;
    MutexLock lock(mutex_);
    if (NumberOf(value) == kDestroy) {
      rows_.erase(index);
      columns.Erase({kName, index});
      columns.Erase({kLimit, index});
      return SetOutcome::Erased().Also(Entry(), columns);
    }
    const Row& row = rows_[index];  // made by createAndGo
    columns.Put({kName, index}, OctetString{row.name});
    columns.Put({kLimit, index}, Integer32{row.limit});
    return SetOutcome::Holds(Integer32{kActive}).Also(Entry(), columns);
  }

 private:
  struct Row {
    std::string name;
    int32_t limit = 10;
  };

  absl::Mutex mutex_;
  int32_t test_and_incr_ ABSL_GUARDED_BY(mutex_) = 17;
  uint32_t actions_ ABSL_GUARDED_BY(mutex_) = 0;
  std::string text_ ABSL_GUARDED_BY(mutex_);
  int32_t celsius_ ABSL_GUARDED_BY(mutex_) = 20;
  std::map<uint32_t, Row> rows_ ABSL_GUARDED_BY(mutex_) = {{1, {"first", 10}}};
};

using Stores = std::map<Oid, std::shared_ptr<OidStore>>;  // by their roots

// Writes changes whose suffixes are relative to `root` into the store.
absl::Status Write(const Stores& stores, const Oid& root,
                   const Changes& changes) {
  const auto& [subtree, store] = *--stores.upper_bound(root);
  Changes below_subtree;
  for (const Changes::Change& change : changes.changes()) {
    const Oid suffix =
        Concat(Oid(root.ArcsFrom(subtree.size())), change.suffix);
    if (change.value) {
      below_subtree.Put(suffix, std::get<Value>(*change.value));
    } else {
      below_subtree.Erase(suffix);
    }
  }
  return store->Apply(below_subtree);
}

// A setter that writes itself what `set` says.
SetFunction Writing(Oid root, Stores stores, SetFunction set) {
  return [=, set = std::move(set)](const Oid& suffix,
                                   const Value& value) mutable -> CommitResult {
    const CommitResult result = set(suffix, value);
    if (!result.outcome()) return result;
    const SetBinding binding = {suffix, value};
    absl::Status status =
        Write(stores, root,
              result.outcome()->ChangesFor(absl::MakeConstSpan(&binding, 1)));
    for (const auto& [other, changes] : result.outcome()->elsewhere()) {
      status.Update(Write(stores, other, changes));
    }
    if (!status.ok()) return status;
    return SetOutcome::WrittenBySetter();
  };
}

}  // namespace

void AddOutcomeObjects(AgentBuilder& builder, Storage storage) {
  const auto device = std::make_shared<Device>();
  const auto put_scalars = [device](Contents& contents) {
    return device->PutScalars(contents);
  };
  const auto put_table = [device](Contents& contents) {
    return device->PutTable(contents);
  };
  Stores stores;
  if (storage == Storage::kUpdated) {
    builder.AddSubtree(Scalars(), kPeriod, put_scalars)
        .AddSubtree(Table(), kPeriod, put_table);
  } else {
    Contents scalars, table;
    put_scalars(scalars).IgnoreError();
    put_table(table).IgnoreError();
    stores[Scalars()] = BtreeStore::Factory()();
    stores[Table()] = BtreeStore::Factory()();
    stores[Scalars()]->Replace(std::move(scalars)).IgnoreError();
    stores[Table()]->Replace(std::move(table)).IgnoreError();
    for (const auto& [root, store] : stores) builder.AddSubtree(root, store);
  }

  const auto add = [&](Oid root,
                       CommitResult (Device::*set)(const Oid&, const Value&),
                       SetterOptions options = {}) {
    SetFunction function = [device, set](const Oid& suffix,
                                         const Value& value) {
      return (device.get()->*set)(suffix, value);
    };
    if (storage == Storage::kWritten) {
      function = Writing(root, stores, std::move(function));
    }
    builder.AddSetter(root,
                      MakeSetter(std::move(function), std::move(options)));
  };
  SetterOptions tests_number;
  tests_number.test = [device](const Oid& suffix, const Value& value) {
    return device->TestTestAndIncr(suffix, value);
  };
  // A row that is absent can be created, and destroyed.
  SetterOptions tests_status;
  tests_status.allow_create = true;
  tests_status.test = [device](const Oid& suffix, const Value& value) {
    return device->TestStatus(suffix, value);
  };
  add(Playpen({1, 1}), &Device::SetPassword);
  add(Playpen({1, 2}), &Device::SetTestAndIncr, std::move(tests_number));
  add(Playpen({1, 3}), &Device::SetAction);
  add(Playpen({1, 5}), &Device::SetText);
  add(Playpen({1, 6}), &Device::SetCelsius);
  add(Playpen({1, 7}), &Device::SetFahrenheit);
  add(Concat(Entry(), {kName}), &Device::SetName);
  add(Concat(Entry(), {kLimit}), &Device::SetLimit);
  add(Concat(Entry(), {kStatus}), &Device::SetStatus, std::move(tests_status));
}

}  // namespace passpersist_testing
