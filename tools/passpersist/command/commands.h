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

namespace passpersist::tool {

// A group of related commands, as the help lists them.
struct CommandGroup {
  absl::string_view title;
  absl::Span<const Command> commands;
};

// All commands, in the order of the help.
absl::Span<const CommandGroup> CommandGroups();

// Returns InvalidArgument if no command has this name; the message suggests the
// command with the nearest name.
absl::StatusOr<const Command*> FindCommand(absl::string_view name);

// The names of the flags that `command` takes, its own flags first.
std::vector<absl::string_view> FlagsOf(const Command& command);

// Runs the command that the first word names, with the other words as its
// arguments. Returns InvalidArgument also if there are too few or too many
// arguments.
absl::Status RunCommand(Context& context,
                        const std::vector<std::string>& words);

// Like RunCommand() for a whole command line, the one of `context`. Returns
// InvalidArgument also for a flag that would have no effect. If the line has
// --help or -h, shows the help, whatever else the line says.
absl::Status RunCommandLine(Context& context, const CommandLine& line);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_COMMAND_COMMANDS_H_
