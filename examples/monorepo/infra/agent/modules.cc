// SPDX-License-Identifier: Apache-2.0

#include "infra/agent/modules.h"

#include "teams/power/batteries.h"
#include "teams/voip/trunks.h"

namespace acme {

void AddModules(passpersist::AgentBuilder& builder, const Sources& sources) {
  AddBatteries(builder, sources.batteries);
  AddTrunks(builder, sources.trunks);
}

}  // namespace acme
