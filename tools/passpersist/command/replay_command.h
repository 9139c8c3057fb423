// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_REPLAY_COMMAND_H_
#define TOOLS_PASSPERSIST_COMMAND_REPLAY_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/passpersist/command/command.h"

// What is done with a recording: see Command::run.

namespace passpersist {

// replay FILE: asks an agent what was asked of the recorded one, and prints the
// differences. FailedPrecondition, without a message, if there are any but in
// values.
absl::Status ReplayCommand(Context& context,
                           const std::vector<std::string>& file);

// transcript FILE: prints a transcript of the recording. Needs no agent.
absl::Status TranscriptCommand(Context& context,
                               const std::vector<std::string>& file);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_COMMAND_REPLAY_COMMAND_H_
