// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_COMMANDS_H_
#define TOOLS_PASSPERSIST_COMMAND_COMMANDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tools/passpersist/command/command.h"
#include "tools/passpersist/command/command_line.h"

namespace passpersist {

// Commands of one kind, for the help.
struct CommandGroup {
  absl::string_view title;
  absl::Span<const Command> commands;
};

// All of them.
absl::Span<const CommandGroup> CommandGroups();

// InvalidArgument, with the nearest that there is, if there is no such command.
absl::StatusOr<const Command*> FindCommand(absl::string_view name);

// The names of those that it takes, its own ones first.
std::vector<absl::string_view> FlagsOf(const Command& command);

// Runs the command that the first word names with the others. InvalidArgument
// also if there are too few words, or too many.
absl::Status RunCommand(Context& context,
                        const std::vector<std::string>& words);

// The same for a whole command line, that of `context`. InvalidArgument also
// for a flag that would have no effect. Whoever asks for help gets it, whatever
// else the line says.
absl::Status RunCommandLine(Context& context, const CommandLine& line);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_COMMAND_COMMANDS_H_
