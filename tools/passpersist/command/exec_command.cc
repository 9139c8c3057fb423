// SPDX-License-Identifier: Apache-2.0
//
// exec.

#include <istream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/passpersist/command/command_line.h"
#include "tools/passpersist/command/commands.h"
#include "tools/passpersist/command/run_commands.h"

namespace passpersist::tool {
namespace {

constexpr absl::string_view kPrompt = "passpersist> ";

// Reads and runs commands until "quit" or the end of the input. Returns the
// error with the highest exit status, without its message.
absl::Status RunLines(Context& context) {
  absl::Status worst;
  std::string line;
  while (true) {
    if (context.prompt()) {
      const absl::Status status = context.console().Print(kPrompt);
      if (!status.ok()) return status;
    }
    if (!std::getline(context.input(), line)) break;
    const absl::StatusOr<Arguments> words = SplitWords(line);
    if (words.ok() && words->empty()) continue;
    if (words.ok() && (*words)[0] == "quit") return worst;
    absl::Status status =
        words.ok() ? RunCommand(context, *words) : words.status();
    if (absl::IsCancelled(status)) return status;
    if (!status.message().empty()) context.console().Error(status.message());
    // The error was printed above, so it is not printed again at the end.
    if (ExitStatus(status) > ExitStatus(worst)) {
      worst = absl::Status(status.code(), "");
    }
  }
  // The shell's prompt starts on a line of its own.
  if (context.prompt()) return context.console().Print("\n");
  return worst;
}

}  // namespace

absl::Status ExecCommand(Context& context, const Arguments& command) {
  if (context.program().empty()) {
    return absl::InvalidArgumentError("no program given: exec ... -- PROGRAM");
  }
  if (!command.empty()) return RunCommand(context, command);
  // If the program can't be started, the error comes before the first prompt.
  const absl::StatusOr<AgentClient*> client = context.Client();
  if (!client.ok()) return client.status();
  return RunLines(context);
}

}  // namespace passpersist::tool
