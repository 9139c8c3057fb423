// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/commands.h"

#include <algorithm>
#include <cstddef>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/passpersist/command/nearest_word.h"
#include "tools/passpersist/command/replay_command.h"
#include "tools/passpersist/command/run_commands.h"
#include "tools/passpersist/text/printable.h"

namespace passpersist {
namespace {

constexpr size_t kAnyNumber = std::numeric_limits<size_t>::max();

// The common flags of commands that ask an agent, whichever it is.
constexpr absl::string_view kAsking = "socket limit format color";

constexpr Command kValues[] = {
    {"get", "OID...", "the values of these instances", "", "", kAsking, 1,
     kAnyNumber, GetCommand},
    {"getnext", "OID...", "what comes behind each of these names", "", "",
     kAsking, 1, kAnyNumber, GetNextCommand},
    {"walk", "[OID]", "everything below OID, one line each",
     "Asks for pages by getbulk. A walk that goes back is an error.\n", "",
     kAsking, 0, 1, WalkCommand},
    {"set", "OID TYPE VALUE", "change a value",
     R"(TYPE is a letter of snmpset(1) or a word:
  i integer    u unsigned   c counter   C counter64  t timeticks
  s string     x hex        d decimal   b bits       a ipaddress
  o oid        F float      D double    I int64      U uint64
)",
     "", kAsking, 3, 3, SetCommand},
};

constexpr Command kInside[] = {
    {"dump", "[OID]", "values with label, age and subtree",
     R"(An age is the time since the update that brought the value; "lazy" ones
are asked for at each request.
)",
     "", kAsking, 0, 1, DumpCommand},
    {"describe", "", "subtrees, stores, periods, setters", "", "", kAsking, 0,
     0, DescribeCommand},
    {"stats", "", "requests, latencies, updates, errors; --watch for live ones",
     R"(Latencies are those of finding and encoding an answer; percentiles are at
most a quarter too high. With --watch each sample has rates per second, until
Ctrl-C or for --count=N samples.
)",
     "watch interval count", kAsking, 0, 0, StatsCommand},
    {"watch", "", "what snmpd asks and gets, and updates, as they happen",
     R"(A line an event, until Ctrl-C or for --count=N events. The duration is that
of finding and encoding the answer.
)",
     "pings count", kAsking, 0, 0, WatchCommand},
    {"update", "[ROOT]", "run updates now: that of ROOT, or all",
     "Waits up to ten minutes for each: no agent lets anybody wait longer.\n",
     "", "socket format color", 0, 1, UpdateCommand},
};

constexpr Command kPrograms[] = {
    {"exec", "[COMMAND [ARGUMENTS]] -- PROGRAM [ARGUMENTS]",
     "start PROGRAM and ask it by COMMAND, or by what is typed",
     R"(Plays snmpd to any program for a pass_persist line, in any language, without
snmpd and without root. Programs know get, getnext, walk, set and dump. Without
COMMAND commands are read from standard input, one a line, until its end or
"quit".
)",
     "base", "limit format color", 0, kAnyNumber, ExecCommand},
    {"check", "[--base=OID] [--set=OID=TYPE=VALUE] -- PROGRAM [ARGUMENTS]",
     "say what would go wrong behind snmpd",
     R"(Starts PROGRAM about a dozen times and tries what snmpd and its users do.
Without --base it is guessed from the names. Without --set only a name that
isn't there is set. The exit status is 1 if there are errors.
)",
     "base set", "limit format color", 0, 0, CheckCommand},
};

constexpr Command kRecordings[] = {
    {"replay", "FILE", "ask again what was recorded, and show what differs",
     R"(FILE is one that the agent's Recorder wrote. Asks a running agent, or the
program behind "--". Sets are made only with --sets: they could change a router.
Values that differ are counted, and shown with --values. The exit status is 1 if
more than values differ.
)",
     "values sets", kAsking, 1, 1, ReplayCommand},
    {"transcript", "FILE", "make a test of what was recorded",
     "Prints FILE in the notation of testdata/pass_persist/README.md.\n", "",
     "color", 1, 1, TranscriptCommand},
};

constexpr Command kOthers[] = {
    {"help", "[COMMAND]", "this, or more about COMMAND", "", "", "color", 0, 1,
     HelpCommand},
};

constexpr CommandGroup kGroups[] = {
    {"Values", kValues},
    {"Inside a running agent", kInside},
    {"Any pass_persist program", kPrograms},
    {"Recordings", kRecordings},
    {"Help", kOthers},
};

template <typename Words>
bool Has(const Words& words, absl::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// OK if the command takes all of these flags.
absl::Status CheckFlags(const Command& command,
                        const std::vector<std::string>& flags) {
  const std::vector<absl::string_view> taken = FlagsOf(command);
  for (const std::string& flag : flags) {
    if (Has(taken, flag)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(command.name, " takes no --", flag,
                     "; see passpersist help ", command.name));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Span<const CommandGroup> CommandGroups() { return kGroups; }

absl::StatusOr<const Command*> FindCommand(absl::string_view name) {
  std::vector<absl::string_view> names;
  for (const CommandGroup& group : CommandGroups()) {
    for (const Command& command : group.commands) {
      if (command.name == name) return &command;
      names.push_back(command.name);
    }
  }
  const absl::string_view nearest = NearestWord(name, names);
  return absl::InvalidArgumentError(absl::StrCat(
      "unknown command ", Quoted(name),
      nearest.empty() ? "; see passpersist help"
                      : absl::StrCat("; did you mean ", nearest, "?")));
}

std::vector<absl::string_view> FlagsOf(const Command& command) {
  std::vector<absl::string_view> names =
      absl::StrSplit(command.own_flags, ' ', absl::SkipEmpty());
  const std::vector<absl::string_view> common =
      absl::StrSplit(command.common_flags, ' ', absl::SkipEmpty());
  names.insert(names.end(), common.begin(), common.end());
  return names;
}

absl::Status RunCommand(Context& context,
                        const std::vector<std::string>& words) {
  if (words.empty()) {
    return absl::InvalidArgumentError("no command; see passpersist help");
  }
  const absl::StatusOr<const Command*> command = FindCommand(words[0]);
  if (!command.ok()) return command.status();
  const Arguments arguments(words.begin() + 1, words.end());
  if (arguments.size() < (*command)->min_arguments ||
      arguments.size() > (*command)->max_arguments) {
    return absl::InvalidArgumentError(absl::StrCat(
        "usage: passpersist ", (*command)->name,
        (*command)->arguments.empty() ? "" : " ", (*command)->arguments));
  }
  return (*command)->run(context, arguments);
}

absl::Status RunCommandLine(Context& context, const CommandLine& line) {
  if (line.help) {
    Arguments words = {"help"};
    // Of "walk .1.3 --help" only the command matters.
    if (!line.words.empty()) words.push_back(line.words[0]);
    return RunCommand(context, words);
  }
  if (line.words.empty()) return RunCommand(context, line.words);
  const absl::StatusOr<const Command*> command = FindCommand(line.words[0]);
  if (!command.ok()) return command.status();
  const absl::Status status = CheckFlags(**command, line.flags);
  if (!status.ok()) return status;
  if (!line.program.empty() && Has(line.flags, "socket")) {
    return absl::InvalidArgumentError(
        "whom to ask? --socket names an agent, and behind -- is a program");
  }
  return RunCommand(context, line.words);
}

}  // namespace passpersist
