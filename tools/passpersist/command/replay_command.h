// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_REPLAY_COMMAND_H_
#define TOOLS_PASSPERSIST_COMMAND_REPLAY_COMMAND_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/passpersist/command/command.h"

// The commands that read a recording: see Command::run.

namespace passpersist::tool {

// replay FILE: sends the recorded requests to an agent and prints the
// differences. Returns FailedPrecondition, without a message, if anything but
// values differs.
absl::Status ReplayCommand(Context& context,
                           const std::vector<std::string>& file);

// transcript FILE: prints a transcript of the recording. No agent is needed.
absl::Status TranscriptCommand(Context& context,
                               const std::vector<std::string>& file);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_COMMAND_REPLAY_COMMAND_H_
