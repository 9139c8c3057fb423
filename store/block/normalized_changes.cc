// SPDX-License-Identifier: Apache-2.0

#include "store/block/normalized_changes.h"

#include <algorithm>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/value.h"

namespace passpersist::store_internal {
namespace {

absl::Status CheckValues(const Changes& changes) {
  for (const Changes::Change& change : changes.changes()) {
    const Value* const value =
        change.slot ? std::get_if<Value>(&*change.slot) : nullptr;
    if (value != nullptr && IsException(*value)) {
      return absl::InvalidArgumentError(absl::StrCat(change.suffix.ToString(),
                                                     ": ", TypeName(*value),
                                                     " is no value to keep"));
    }
  }
  return absl::OkStatus();
}

// Of the bytes of a string that is packed.
size_t MaxSize(const Value& value) {
  if (const auto* const octets = std::get_if<OctetString>(&value)) {
    return octets->bytes.size();
  }
  if (const auto* const opaque = std::get_if<Opaque>(&value)) {
    return opaque->bytes.size();
  }
  if (const auto* const oid = std::get_if<ObjectIdentifier>(&value)) {
    return oid->value.size() * internal::kMaxPackedArcSize;
  }
  return 0;
}

// What `first` and then `second` come to.
NormalizedChange Combine(const NormalizedChange& first,
                         const NormalizedChange& second) {
  if (first.slot == nullptr || second.slot == nullptr) {
    NormalizedChange edit = second;
    edit.keeps_label = false;
    return edit;
  }
  return {second.key, second.slot,
          second.label.empty() ? first.label : second.label, first.keeps_label};
}

}  // namespace

bool NormalizedChange::ReplacesValueOnly() const {
  const Value* const value =
      slot == nullptr ? nullptr : std::get_if<Value>(slot);
  return value != nullptr && keeps_label && label.empty() &&
         MaxSize(*value) <= internal::kMaxStringInPage;
}

absl::StatusOr<std::vector<NormalizedChange>> NormalizeChanges(
    const Changes& changes, internal::ByteArena* bytes) {
  if (absl::Status status = CheckValues(changes); !status.ok()) return status;
  std::vector<NormalizedChange> edits;
  edits.reserve(changes.changes().size());
  for (const Changes::Change& change : changes.changes()) {
    char* const key =
        bytes->Reserve(change.suffix.size() * internal::kMaxPackedArcSize);
    const char* const end = internal::PackArcs(change.suffix.arcs(), key);
    const absl::string_view view(key, static_cast<size_t>(end - key));
    bytes->Commit(view.size());
    edits.push_back(
        {view, change.slot ? &*change.slot : nullptr, change.label, true});
  }
  std::stable_sort(edits.begin(), edits.end(),
                   [](const NormalizedChange& a, const NormalizedChange& b) {
                     return a.key < b.key;
                   });
  size_t size = 0;
  for (const NormalizedChange& edit : edits) {
    if (size > 0 && edits[size - 1].key == edit.key) {
      edits[size - 1] = Combine(edits[size - 1], edit);
    } else {
      edits[size++] = edit;
    }
  }
  edits.resize(size);
  return edits;
}

}  // namespace passpersist::store_internal
