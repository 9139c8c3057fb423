// SPDX-License-Identifier: Apache-2.0

#ifndef INFRA_AGENT_MODULES_H_
#define INFRA_AGENT_MODULES_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace acme {

// The paths of the data that the teams' programs write and their modules read.
//
// A value type.
struct Sources {
  std::string batteries = "/run/acme/batteries";
  std::string trunks = "/etc/acme/trunks";
};

// Adds the modules of all teams. A new module needs a line here and a
// dependency in BUILD.bazel; the owners of this directory see both in review.
//
//   .1.3.6.1.4.1.32473.1   //teams/power
//   .1.3.6.1.4.1.32473.2   //teams/voip
void AddModules(passpersist::AgentBuilder& builder, const Sources& sources);

}  // namespace acme

#endif  // INFRA_AGENT_MODULES_H_
