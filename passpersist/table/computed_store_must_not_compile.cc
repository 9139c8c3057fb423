// SPDX-License-Identifier: Apache-2.0

// Each macro enables an error; BUILD.bazel has the text that the compiler is
// expected to report.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "passpersist/table/computed_store.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/oid_less.h"
#include "passpersist/value.h"

namespace passpersist {

struct Disk {
  std::string name;
};

void UseStores() {
  const auto get_cell = [](const Disk&, uint32_t) -> std::optional<Value> {
    return std::nullopt;
  };
  const auto report = [](const absl::Status&) {};
  const IndexCodec<std::string> codec;
  const std::map<std::string, Disk, OidLess<std::string>> map;
  NewComputedStore(codec, {1}, MapRows(&map), get_cell, report);

#ifdef MAP_IN_THE_ORDER_OF_CPP
  const std::map<std::string, Disk> other;
  NewComputedStore(codec, {1}, MapRows(&other), get_cell, report);
#endif
#ifdef MAP_IN_THE_ORDER_OF_ANOTHER_INDEX
  const std::map<std::string, Disk, OidLess<ImpliedString>> other;
  NewComputedStore(codec, {1}, MapRows(&other), get_cell, report);
#endif
#ifdef VECTOR_SORTED_BY_ANOTHER_INDEX
  const std::vector<Disk> other;
  NewComputedStore(codec, {1},
                   MakeVectorRows<ImpliedString>(
                       &other, [](const Disk& disk) { return disk.name; }),
                   get_cell, report);
#endif
}

}  // namespace passpersist
