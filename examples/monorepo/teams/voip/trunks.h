// SPDX-License-Identifier: Apache-2.0

#ifndef TEAMS_VOIP_TRUNKS_H_
#define TEAMS_VOIP_TRUNKS_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace acme {

// Adds the SIP trunks that `folder` describes, looked at every 5 seconds:
//
//   folder/1       the name of trunk 1
//   folder/1.off   there if trunk 1 is disabled; the switch looks at that, too
//
// Rows are indexed by number; column 2 is the name, 3 whether the trunk is
// enabled, a TruthValue (1 true, 2 false) that can be set:
//
//   .1.3.6.1.4.1.32473.2.1.1.<column>.<number>
//
// While the folder or a name in it can't be read the table stays as it was, and
// that is an error.
//
// To set it makes or removes a file, which is all or nothing and needs no
// clean-up, whenever the agent is killed.
void AddTrunks(passpersist::AgentBuilder& builder, const std::string& folder);

}  // namespace acme

#endif  // TEAMS_VOIP_TRUNKS_H_
