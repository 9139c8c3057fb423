// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_TRANSCRIPT_TESTING_TRANSCRIPT_PLAYER_H_
#define TOOLS_TRANSCRIPT_TESTING_TRANSCRIPT_PLAYER_H_

#include <vector>

#include "tools/transcript/transcript.h"

namespace passpersist_testing {

// Plays snmpd's part of `transcript` to an agent with the pass_persist codec,
// B-tree stores and the contents of the transcript. Returns the actual events;
// if the agent can't be built or ends with an error, the last event is a report
// of that error.
std::vector<passpersist::tool::Transcript::Event> Play(
    const passpersist::tool::Transcript& transcript);

}  // namespace passpersist_testing

#endif  // TOOLS_TRANSCRIPT_TESTING_TRANSCRIPT_PLAYER_H_
