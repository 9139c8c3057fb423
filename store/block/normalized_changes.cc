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
        change.value ? std::get_if<Value>(&*change.value) : nullptr;
    if (value != nullptr && IsException(*value)) {
      return absl::InvalidArgumentError(absl::StrCat(change.suffix.ToString(),
                                                     ": ", TypeName(*value),
                                                     " cannot be stored"));
    }
  }
  return absl::OkStatus();
}

// The bytes that `value` takes at most as a packed string; 0 for a number.
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

// The net change of `first` and then `second`.
NormalizedChange Combine(const NormalizedChange& first,
                         const NormalizedChange& second) {
  // After an erase there is no label to keep.
  if (first.value == nullptr || second.value == nullptr) {
    NormalizedChange change = second;
    change.keeps_label = false;
    return change;
  }
  return {second.key, second.value,
          second.label.empty() ? first.label : second.label, first.keeps_label};
}

}  // namespace

bool NormalizedChange::ReplacesValueOnly() const {
  const Value* const plain =
      value == nullptr ? nullptr : std::get_if<Value>(value);
  return plain != nullptr && keeps_label && label.empty() &&
         MaxSize(*plain) <= internal::kMaxStringInPage;
}

absl::StatusOr<std::vector<NormalizedChange>> NormalizeChanges(
    const Changes& changes, internal::ByteArena* bytes) {
  if (absl::Status status = CheckValues(changes); !status.ok()) return status;
  std::vector<NormalizedChange> result;
  result.reserve(changes.changes().size());
  for (const Changes::Change& change : changes.changes()) {
    char* const key =
        bytes->Reserve(change.suffix.size() * internal::kMaxPackedArcSize);
    const char* const end = internal::PackArcs(change.suffix.arcs(), key);
    const absl::string_view view(key, static_cast<size_t>(end - key));
    bytes->Commit(view.size());
    result.push_back(
        {view, change.value ? &*change.value : nullptr, change.label, true});
  }
  // Stable, so that changes of one key stay in the order of `changes`.
  std::stable_sort(result.begin(), result.end(),
                   [](const NormalizedChange& a, const NormalizedChange& b) {
                     return a.key < b.key;
                   });
  size_t size = 0;
  for (const NormalizedChange& change : result) {
    if (size > 0 && result[size - 1].key == change.key) {
      result[size - 1] = Combine(result[size - 1], change);
    } else {
      result[size++] = change;
    }
  }
  result.resize(size);
  return result;
}

}  // namespace passpersist::store_internal
