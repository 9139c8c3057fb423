#ifndef PASSPERSIST_CONTENTS_H_
#define PASSPERSIST_CONTENTS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/slot.h"
#include "passpersist/value.h"

namespace passpersist {

// One row of a store. The suffix is relative to the root of the subtree.
struct Entry {
  Oid suffix;
  Slot slot;
  std::string label;
};

// Single puts and erases, to be made at once and in this order: of two for one
// OID the later one counts.
//
// Used by one thread at a time.
class Changes {
 public:
  struct Change {
    Oid suffix;
    std::optional<Slot> slot;  // none: erase
    std::string label;
  };

  // An empty label keeps the one that the instance has.
  void Put(Oid suffix, Value value, absl::string_view label = {});
  void PutLazy(Oid suffix, LazyValue::Function function,
               absl::string_view label = {});

  // An absent instance stays absent.
  void Erase(Oid suffix);

  bool empty() const { return changes_.empty(); }
  void clear() { changes_.clear(); }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  std::vector<Change> changes_;
};

// Everything that a subtree is to hold, as an update collects it. Names are
// relative to the root of the subtree and may come in any order; OID order
// saves a sort.
//
// Mistakes are kept until the end, so that an update need not look at each
// call: the first one makes the whole update fail.
//
// Used by one thread at a time.
class Contents {
 public:
  Contents() = default;
  Contents(Contents&&) = default;
  Contents& operator=(Contents&&) = default;

  // Adds a value. The label is for people who debug, and costs nothing where
  // it is empty. An exception value (noSuchObject, …) is a mistake.
  void Put(Oid suffix, Value value, absl::string_view label = {});

  // The same for a value that may turn out to be an error, which then is a
  // mistake: contents.Put({1, 0}, Integer32::FromNumber(reading)).
  template <typename T>
  void Put(Oid suffix, absl::StatusOr<T> value, absl::string_view label = {}) {
    if (!value.ok()) return AddMistake(suffix, value.status());
    Put(std::move(suffix), Value(*std::move(value)), label);
  }

  // Adds a value that is found when it is asked for. While the function fails
  // the instance is absent: a walk goes on behind it.
  void PutLazy(Oid suffix, LazyValue::Function function,
               absl::string_view label = {});

  // Makes `changes` on top of what was put before: a put for an OID takes the
  // place of the one there was.
  void Override(const Changes& changes);

  size_t size() const { return entries_.size(); }

  // The first mistake so far, naming the OID.
  const absl::Status& status() const { return status_; }

  // For stores: the entries in OID order, or the first mistake. An OID that
  // was put twice is one.
  absl::StatusOr<std::vector<Entry>> Finish() &&;

 private:
  void Add(Oid suffix, Slot slot, absl::string_view label);
  // False, and a mistake, for an exception value.
  bool CanKeep(const Oid& suffix, const Value& value);
  void AddMistake(const Oid& suffix, const absl::Status& mistake);

  std::vector<Entry> entries_;
  bool sorted_ = true;
  absl::Status status_;
};

// Fills `contents` from scratch with what a subtree is to hold. An error keeps
// what the subtree holds.
using UpdateFn = absl::AnyInvocable<absl::Status(Contents& contents)>;

}  // namespace passpersist

#endif  // PASSPERSIST_CONTENTS_H_
