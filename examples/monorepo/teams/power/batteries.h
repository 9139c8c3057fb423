// SPDX-License-Identifier: Apache-2.0

#ifndef TEAMS_POWER_BATTERIES_H_
#define TEAMS_POWER_BATTERIES_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace acme {

// Adds the batteries of the uninterruptible power supplies, read every 10
// seconds from `file`, which has a line for each battery, in any order:
//
//   <number> <percent of charge> <minutes left> <place>
//   3 97 42 rack 7
//
// The number is the index of the row. Column 2 is the place, 3 the charge, 4
// the minutes, which are absent if the file has "-":
//
//   .1.3.6.1.4.1.32473.1.1.1.<column>.<number>
//
// If the file cannot be read or parsed, the update fails and the table keeps
// its old rows.
void AddBatteries(passpersist::AgentBuilder& builder, const std::string& file);

}  // namespace acme

#endif  // TEAMS_POWER_BATTERIES_H_
