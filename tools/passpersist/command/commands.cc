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

namespace passpersist::tool {
namespace {

constexpr size_t kAnyNumber = std::numeric_limits<size_t>::max();

// The common flags of the commands that send requests to an agent or a program.
constexpr absl::string_view kRequestFlags = "socket limit format color";

constexpr Command kValues[] = {
    {"get", "OID...", "the values of these instances", "", "", kRequestFlags, 1,
     kAnyNumber, GetCommand},
    {"getnext", "OID...", "the instance after each of these names", "", "",
     kRequestFlags, 1, kAnyNumber, GetNextCommand},
    {"walk", "[OID]", "every instance at or below OID, one line each",
     "Without OID, walks every instance. Requests pages with getbulk. Names "
     "that\n"
     "don't ascend are an error.\n",
     "", kRequestFlags, 0, 1, WalkCommand},
    {"set", "OID TYPE VALUE", "change a value",
     R"(TYPE is a letter of snmpset(1) or a word:
  i integer    u unsigned   c counter   C counter64  t timeticks
  s string     x hex        d decimal   b bits       a ipaddress
  o oid        F float      D double    I int64      U uint64
)",
     "", kRequestFlags, 3, 3, SetCommand},
};

constexpr Command kInside[] = {
    {"dump", "[OID]", "values with label, age and subtree",
     R"(AGE is the time since the end of the last successful run of the update of the
subtree. The agent computes a "computed" value at each request.
)",
     "", kRequestFlags, 0, 1, DumpCommand},
    {"describe", "", "subtrees, stores, periods, setters", "", "",
     kRequestFlags, 0, 0, DescribeCommand},
    {"stats", "", "requests, latencies, updates, errors; --watch repeats it",
     R"(A latency is the time to find and encode an answer. Percentiles are at
most a quarter too high. With --watch each sample has rates per second; the
command ends at Ctrl-C or after --count=N samples.
)",
     "watch interval count", kRequestFlags, 0, 0, StatsCommand},
    {"watch", "", "snmpd's requests, the answers, and updates, as they happen",
     R"(Prints one line per event, until Ctrl-C or for --count=N events. The
duration is the time to find and encode the answer.
)",
     "pings count", kRequestFlags, 0, 0, WatchCommand},
    {"update", "[ROOT]", "run the update of ROOT now, or all updates",
     "Waits up to ten minutes for each update, the longest wait that an agent\n"
     "allows.\n",
     "", "socket format color", 0, 1, UpdateCommand},
};

constexpr Command kPrograms[] = {
    {"exec", "[COMMAND [ARGUMENTS]] -- PROGRAM [ARGUMENTS]",
     "start PROGRAM and run COMMAND or typed commands on it",
     R"(Plays the role of snmpd for any pass_persist program, in any language,
without snmpd and without root. A program supports get, getnext, walk, set and
dump. Without COMMAND, commands are read from standard input, one per line,
until its end or "quit".
)",
     "base", "limit format color", 0, kAnyNumber, ExecCommand},
    {"check", "[--base=OID] [--set=OID=TYPE=VALUE] -- PROGRAM [ARGUMENTS]",
     "report what would fail under snmpd",
     R"(Starts PROGRAM about a dozen times and sends what snmpd and its users
send. Without --base, the base is guessed from the names. Without --set, only
absent names are set. The exit status is 1 if there are errors.
)",
     "base set", "limit format color", 0, 0, CheckCommand},
};

constexpr Command kRecordings[] = {
    {"replay", "FILE [-- PROGRAM [ARGUMENTS]]",
     "send recorded requests again and show different answers",
     R"(FILE was written by the agent's Recorder. The requests go to a running
agent, or to PROGRAM. Sets are replayed only with --sets: they could change a
router. Values that differ are counted, and shown with --values.
The exit status is 1 if anything but values differs.
)",
     "values sets", kRequestFlags, 1, 1, ReplayCommand},
    {"transcript", "FILE", "convert a recording to a test",
     "Prints FILE in the notation of testdata/pass_persist/README.md.\n", "",
     "color", 1, 1, TranscriptCommand},
};

constexpr Command kOthers[] = {
    {"help", "[COMMAND]", "this text, or the help of COMMAND", "", "", "color",
     0, 1, HelpCommand},
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
  const std::vector<absl::string_view> allowed = FlagsOf(command);
  for (const std::string& flag : flags) {
    if (Has(allowed, flag)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat(command.name, " doesn't take --", flag,
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
    // "walk .1.3 --help" shows the help of walk; its arguments are ignored.
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
        "--socket names an agent and -- a program: give only one of them");
  }
  return RunCommand(context, line.words);
}

}  // namespace passpersist::tool
