// SPDX-License-Identifier: Apache-2.0
//
// help: an overview of the tool, and the help of each command.

#include <string>
#include <vector>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/reflection.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/passpersist/command/commands.h"
#include "tools/passpersist/command/options.h"
#include "tools/passpersist/command/run_commands.h"
#include "tools/passpersist/text/text_table.h"

namespace passpersist::tool {
namespace {

constexpr absl::string_view kIntroduction =
    R"(passpersist inspects a running agent, or any pass_persist program.

  passpersist [FLAGS] COMMAND [ARGUMENTS]
  passpersist [FLAGS] exec [COMMAND [ARGUMENTS]] -- PROGRAM [ARGUMENTS]
)";

constexpr absl::string_view kExamples = R"(
Examples
  passpersist --socket=/run/my_agent/debug.sock walk .1.3.6.1.4.1.8072.9999.9999
  passpersist stats --watch
  passpersist check -- /usr/local/lib/snmp/my_agent --its-flag

The agent opens its debug socket with
  builder.AddListener(UnixListener::Listen("/run/my_agent/debug.sock"),
                      DebugCodec::Factory());
Name the socket with --socket, or with PASSPERSIST_SOCKET in the environment.
Only root and the agent's own user may connect. For an agent that Debian's
snmpd has started: sudo -u Debian-snmp passpersist ...

Exit status: 0 success; 1 the agent refused the request, or errors or
differences were found; 2 the command line is wrong; 3 no answer.
)";

std::string Flags(const std::vector<absl::string_view>& names,
                  const Palette& palette) {
  TextTable table({{""}, {""}, {""}});
  for (const absl::string_view name : names) {
    table.AddRow({"", absl::StrCat("--", name),
                  absl::FindCommandLineFlag(name)->Help()});
  }
  return table.Take(palette);
}

std::vector<absl::string_view> CommonFlags() {
  return {FlagNames().begin(), FlagNames().begin() + kCommonFlags};
}

// The help of the whole tool: all commands, examples, common flags.
std::string Overview(const Palette& palette) {
  std::string out(kIntroduction);
  for (const CommandGroup& group : CommandGroups()) {
    TextTable table({{""}, {""}, {""}});
    for (const Command& command : group.commands) {
      // Long arguments are shown only in the command's own help.
      const absl::string_view arguments =
          command.arguments.size() > 20 ? "... -- PROGRAM" : command.arguments;
      table.AddRow({"", absl::StrCat(command.name, " ", arguments),
                    std::string(command.summary)});
    }
    absl::StrAppend(&out, "\n",
                    palette.Paint(Palette::Style::kBold, group.title), "\n",
                    table.Take(palette));
  }
  absl::StrAppend(&out, kExamples, "\n",
                  palette.Paint(Palette::Style::kBold, "Flags"),
                  " (\"passpersist help COMMAND\" lists those of a command)\n",
                  Flags(CommonFlags(), palette));
  return out;
}

std::string About(const Command& command, const Palette& palette) {
  return absl::StrCat(palette.Paint(Palette::Style::kBold,
                                    absl::StrCat("passpersist ", command.name)),
                      command.arguments.empty() ? "" : " ", command.arguments,
                      "\n\n", command.summary, "\n",
                      command.details.empty() ? "" : "\n", command.details,
                      "\n", palette.Paint(Palette::Style::kBold, "Flags"), "\n",
                      Flags(FlagsOf(command), palette));
}

}  // namespace

absl::Status HelpCommand(Context& context, const Arguments& command) {
  Console& console = context.console();
  if (command.empty()) return console.Print(Overview(console.palette()));
  const absl::StatusOr<const Command*> found = FindCommand(command[0]);
  if (!found.ok()) return found.status();
  return console.Print(About(**found, console.palette()));
}

}  // namespace passpersist::tool
