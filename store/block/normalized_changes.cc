// SPDX-License-Identifier: Apache-2.0

#include "store/block/normalized_changes.h"

#include <variant>

#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/value.h"

namespace passpersist::store_internal {
namespace {

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

}  // namespace

bool NormalizedChange::ReplacesValueOnly() const {
  const Value* const plain =
      value == nullptr ? nullptr : std::get_if<Value>(value);
  return plain != nullptr && keeps_label && label.empty() &&
         MaxSize(*plain) <= internal::kMaxStringInPage;
}

std::vector<NormalizedChange> NormalizeChanges(const Changes& changes,
                                               internal::ByteArena* bytes) {
  std::vector<NormalizedChange> result;
  for (const Changes::NetChange& change : changes.Normalized()) {
    char* const key =
        bytes->Reserve(change.suffix->size() * internal::kMaxPackedArcSize);
    const char* const end = internal::PackArcs(change.suffix->arcs(), key);
    const absl::string_view view(key, static_cast<size_t>(end - key));
    bytes->Commit(view.size());
    result.push_back({view, change.value, change.label.value_or(""),
                      !change.label.has_value()});
  }
  return result;
}

}  // namespace passpersist::store_internal
