// SPDX-License-Identifier: Apache-2.0
//
// The command-line tool. commands.cc lists its commands.

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "tools/passpersist/client/agent_client.h"
#include "tools/passpersist/client/program_client.h"
#include "tools/passpersist/client/socket_client.h"
#include "tools/passpersist/command/command.h"
#include "tools/passpersist/command/command_line.h"
#include "tools/passpersist/command/commands.h"
#include "tools/passpersist/command/console.h"
#include "tools/passpersist/command/options.h"

namespace passpersist::tool {
namespace {

bool HasColor(ColorMode mode, int fd) {
  if (mode != ColorMode::kAuto) return mode == ColorMode::kAlways;
  const char* const term = std::getenv("TERM");
  const bool dumb = term == nullptr || absl::string_view(term) == "dumb";
  return isatty(fd) == 1 && !dumb && std::getenv("NO_COLOR") == nullptr;
}

Console::Options ConsoleOptions(ColorMode color) {
  Console::Options options;
  options.terminal = isatty(STDOUT_FILENO) == 1;
  options.color = HasColor(color, STDOUT_FILENO);
  options.error_color = HasColor(color, STDERR_FILENO);
  options.size = [] {
    struct winsize size = {};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return TerminalSize();
    return TerminalSize{size.ws_row, size.ws_col};
  };
  return options;
}

absl::StatusOr<std::unique_ptr<AgentClient>> ConnectToProgram(
    const Context& context) {
  ProgramClient::Options options;
  options.limit = context.options().limit;
  if (!context.options().base.empty()) {
    const absl::StatusOr<Oid> base = Oid::Parse(context.options().base);
    if (!base.ok()) return base.status();
    options.base = *base;
  }
  options.standard_error = [&console = context.console(),
                            noted = false](absl::string_view text) mutable {
    for (const absl::string_view line :
         absl::StrSplit(text, '\n', absl::SkipEmpty())) {
      console.Note(absl::StrCat("the program's stderr: ", line));
    }
    if (!std::exchange(noted, true)) {
      console.Note("snmpd would read that as part of the answer");
    }
  };
  return ProgramClient::Start(context.program(), std::move(options));
}

absl::StatusOr<std::unique_ptr<AgentClient>> Connect(const Context& context) {
  if (!context.program().empty()) return ConnectToProgram(context);
  return SocketClient::Connect(context.options().socket,
                               context.options().limit);
}

int Main(const std::vector<std::string>& arguments) {
  const absl::StatusOr<CommandLine> line = ParseCommandLine(arguments);
  const Options options = OptionsFromFlags();
  Console console(&std::cout, &std::cerr, ConsoleOptions(options.color));
  absl::Status status = line.status();
  if (status.ok()) {
    Context::Parts parts;
    parts.options = options;
    parts.program = line->program;
    parts.console = &console;
    parts.input = &std::cin;
    parts.prompt = isatty(STDIN_FILENO) == 1;
    parts.time_zone = absl::LocalTimeZone();
    parts.connect = Connect;
    Context context(std::move(parts));
    status = RunCommandLine(context, *line);
  }
  const bool silent = absl::IsCancelled(status) || status.message().empty();
  if (!silent) console.Error(status.message());
  return ExitStatus(status);
}

}  // namespace
}  // namespace passpersist::tool

int main(int argc, char** argv) {
  return passpersist::tool::Main(
      std::vector<std::string>(argv + 1, argv + argc));
}
