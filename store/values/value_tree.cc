// SPDX-License-Identifier: Apache-2.0

#include "store/values/value_tree.h"

namespace passpersist::store_internal {
namespace {

void ListPartsBelow(const Block* part, int level,
                    std::vector<const Block*>* parts) {
  parts->push_back(part);
  if (level == 0) return;
  const auto& dir = static_cast<const ValueDir&>(*part);
  for (size_t i = 0; i < dir.count(); ++i) {
    ListPartsBelow(dir.child(i), level - 1, parts);
  }
}

}  // namespace

void ListParts(const ValueTree& tree, std::vector<const Block*>* parts) {
  if (tree.root != nullptr) ListPartsBelow(tree.root, tree.level, parts);
}

void FreeParts(const ValueTree& tree) {
  std::vector<const Block*> parts;
  ListParts(tree, &parts);
  for (const Block* const part : parts) part->Free();
}

}  // namespace passpersist::store_internal
