// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_TRANSCRIPT_TRANSCRIPT_PLAYER_H_
#define TOOLS_TRANSCRIPT_TRANSCRIPT_PLAYER_H_

#include <vector>

#include "tools/transcript/transcript.h"

namespace passpersist_testing {

// Plays snmpd's part of `transcript` to an agent made of the pass_persist codec
// and B-tree stores, which holds what the transcript says. Returns what
// happened in truth; an agent that can't be built, or ends with an error, is a
// report.
std::vector<Transcript::Event> Play(const Transcript& transcript);

}  // namespace passpersist_testing

#endif  // TOOLS_TRANSCRIPT_TRANSCRIPT_PLAYER_H_
