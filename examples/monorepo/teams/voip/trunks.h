// SPDX-License-Identifier: Apache-2.0

#ifndef TEAMS_VOIP_TRUNKS_H_
#define TEAMS_VOIP_TRUNKS_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace acme {

// Adds the SIP trunks that `directory` describes, read every 5 seconds:
//
//   directory/1       contains the name of trunk 1
//   directory/1.off   exists if trunk 1 is disabled; the switch reads it, too
//
// The number is the index of the row. Column 2 is the name. Column 3 is a
// TruthValue (1 true, 2 false) that tells whether the trunk is enabled, and can
// be set:
//
//   .1.3.6.1.4.1.32473.2.1.1.<column>.<number>
//
// While the directory or a name in it cannot be read, the update fails and the
// table keeps its old rows.
//
// A set creates or removes a file. This is atomic and needs no clean-up if the
// agent is killed.
void AddTrunks(passpersist::AgentBuilder& builder,
               const std::string& directory);

}  // namespace acme

#endif  // TEAMS_VOIP_TRUNKS_H_
