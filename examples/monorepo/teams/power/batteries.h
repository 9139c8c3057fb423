// SPDX-License-Identifier: Apache-2.0

#ifndef TEAMS_POWER_BATTERIES_H_
#define TEAMS_POWER_BATTERIES_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace acme {

// Adds the batteries of the uninterruptible power supplies, read anew every 10
// seconds from `file`, a line for each, in any order:
//
//   <number> <percent of charge> <minutes left> <place>
//   3 97 42 rack 7
//
// The numbers are the rows' indexes; columns are 2 the place, 3 the charge, 4
// the minutes, which a battery whose file says "-" lacks:
//
//   .1.3.6.1.4.1.32473.1.1.1.<column>.<number>
//
// A file that can't be read or understood is an error, and the table stays as
// it was.
void AddBatteries(passpersist::AgentBuilder& builder, const std::string& file);

}  // namespace acme

#endif  // TEAMS_POWER_BATTERIES_H_
