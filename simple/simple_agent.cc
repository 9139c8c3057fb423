// SPDX-License-Identifier: Apache-2.0

#include "simple/simple_agent.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace passpersist {

SimpleAgent::SimpleAgent(SnmpAgent agent, absl::StatusOr<Oid> root,
                         absl::Duration period, UpdateFn update,
                         SubtreeOptions options, bool on_demand)
    : SnmpAgent(std::move(agent)), root_(root.value_or(Oid())) {
  if (on_demand) {
    AddSubtreeOnDemand(std::move(root), period, std::move(update), options);
  } else {
    AddSubtree(std::move(root), period, std::move(update), options);
  }
}

SimpleAgent& SimpleAgent::AddSetter(absl::string_view oid, TextSetFunction set,
                                    TextSetterOptions options) {
  absl::StatusOr<Oid> setter_root = Oid::Parse(oid);
  // In another subtree, which builder() can add, `set` would get wrong OIDs.
  if (setter_root.ok() && !setter_root->StartsWith(root_)) {
    setter_root = absl::InvalidArgumentError(absl::StrCat(
        setter_root->ToString(), " is not below the root ", root_.ToString()));
  }
  std::unique_ptr<Setter> setter =
      MakeTextSetter(setter_root.value_or(Oid()), std::move(set), options);
  SnmpAgent::AddSetter(std::move(setter_root), std::move(setter));
  return *this;
}

}  // namespace passpersist
