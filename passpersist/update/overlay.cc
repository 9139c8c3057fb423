// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/overlay.h"

namespace passpersist::internal {

void Overlay::Put(absl::string_view key, const PackedValue& value,
                  absl::string_view label) {
  const auto [place, is_new] = map_.try_emplace(std::string(key));
  Change& put = place->second;
  // A put after an erase starts from nothing, so the entry's label is gone.
  if (!is_new && put.is_erase) put.keeps_label = false;
  put.is_erase = false;
  put.cell = values_.size();
  values_.Add(value);
  if (!label.empty()) put.label = std::string(label);
}

void Overlay::Erase(absl::string_view key) {
  map_.insert_or_assign(std::string(key), Change());
}

size_t Overlay::MemoryUsage() const {
  size_t memory = sizeof *this + values_.MemoryUsage();
  for (const auto& [key, change] : map_) {
    memory += sizeof(Map::value_type) + key.size() + change.label.size();
  }
  return memory;
}

}  // namespace passpersist::internal
