// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_RUN_COMMANDS_H_
#define TOOLS_PASSPERSIST_COMMAND_RUN_COMMANDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tools/passpersist/command/command.h"

// The functions of the commands: see Command::run. The table in commands.cc
// describes each command; each is defined in a file named after it.

namespace passpersist::tool {

using Arguments = std::vector<std::string>;

absl::Status GetCommand(Context& context, const Arguments& oids);
absl::Status GetNextCommand(Context& context, const Arguments& oids);
absl::Status WalkCommand(Context& context, const Arguments& oid);
absl::Status SetCommand(Context& context, const Arguments& oid_type_value);

absl::Status DumpCommand(Context& context, const Arguments& oid);
absl::Status DescribeCommand(Context& context, const Arguments& none);
absl::Status StatsCommand(Context& context, const Arguments& none);
absl::Status WatchCommand(Context& context, const Arguments& none);
absl::Status UpdateCommand(Context& context, const Arguments& root);

absl::Status ExecCommand(Context& context, const Arguments& command);
absl::Status CheckCommand(Context& context, const Arguments& none);

absl::Status HelpCommand(Context& context, const Arguments& command);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_COMMAND_RUN_COMMANDS_H_
