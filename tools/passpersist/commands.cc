#include "tools/passpersist/commands.h"

#include <cstddef>
#include <limits>

#include "absl/strings/str_cat.h"
#include "tools/passpersist/nearest_word.h"
#include "tools/passpersist/printable.h"
#include "tools/passpersist/replay_command.h"
#include "tools/passpersist/run_commands.h"

namespace passpersist {
namespace {

constexpr size_t kAnyNumber = std::numeric_limits<size_t>::max();

constexpr Command kValues[] = {
    {"get", "OID...", "the values of these instances", "", "", 1, kAnyNumber,
     GetCommand},
    {"getnext", "OID...", "what comes behind each of these names", "", "", 1,
     kAnyNumber, GetNextCommand},
    {"walk", "[OID]", "everything below OID, one line each",
     "Asks for pages by getbulk. A walk that goes back is an error.\n", "", 0,
     1, WalkCommand},
    {"set", "OID TYPE VALUE", "change a value",
     R"(TYPE is a letter of snmpset(1) or a word:
  i integer    u unsigned   c counter   C counter64  t timeticks
  s string     x hex        d decimal   b bits       a ipaddress
  o oid        F float      D double    I int64      U uint64
)",
     "", 3, 3, SetCommand},
};

constexpr Command kInside[] = {
    {"dump", "[OID]", "values with label, age and subtree",
     R"(An age is the time since the update that brought the value; "lazy" ones
are asked for at each request.
)",
     "", 0, 1, DumpCommand},
    {"describe", "", "subtrees, stores, periods, setters", "", "", 0, 0,
     DescribeCommand},
    {"stats", "", "requests, latencies, updates, errors; --watch for live ones",
     R"(Latencies are those of finding and encoding an answer; percentiles are at
most a quarter too high. With --watch each sample has rates per second, until
Ctrl-C or for --count=N samples.
)",
     "watch interval count", 0, 0, StatsCommand},
    {"watch", "", "what snmpd asks and gets, and updates, as they happen",
     R"(A line an event, until Ctrl-C or for --count=N events. The duration is that
of finding and encoding the answer.
)",
     "pings count", 0, 0, WatchCommand},
    {"update", "[ROOT]", "run updates now: that of ROOT, or all", "", "", 0, 1,
     UpdateCommand},
};

constexpr Command kPrograms[] = {
    {"exec", "[COMMAND [ARGUMENTS]] -- PROGRAM [ARGUMENTS]",
     "start PROGRAM and ask it by COMMAND, or by what is typed",
     R"(Plays snmpd to any program for a pass_persist line, in any language, without
snmpd and without root. Programs know get, getnext, walk, set and dump. Without
COMMAND commands are read from standard input, one a line, until its end or
"quit".
)",
     "base", 0, kAnyNumber, ExecCommand},
    {"check", "[--base=OID] [--set=OID=TYPE=VALUE] -- PROGRAM [ARGUMENTS]",
     "say what would go wrong behind snmpd",
     R"(Starts PROGRAM about a dozen times and tries what snmpd and its users do.
Without --base it is guessed from the names. Without --set only a name that
isn't there is set. The exit status is 1 if there are errors.
)",
     "base set", 0, 0, CheckCommand},
};

constexpr Command kRecordings[] = {
    {"replay", "FILE", "ask again what was recorded, and show what differs",
     R"(FILE is one that the agent's Recorder wrote. Asks a running agent, or the
program behind "--". Sets are made only with --sets: they could change a router.
Values that differ are counted, and shown with --values. The exit status is 1 if
more than values differ.
)",
     "values sets", 1, 1, ReplayCommand},
    {"transcript", "FILE", "make a test of what was recorded",
     "Prints FILE in the notation of testdata/pass_persist/README.md.\n", "", 1,
     1, TranscriptCommand},
};

constexpr Command kOthers[] = {
    {"help", "[COMMAND]", "this, or more about COMMAND", "", "", 0, 1,
     HelpCommand},
};

constexpr CommandGroup kGroups[] = {
    {"Values", kValues},
    {"Inside a running agent", kInside},
    {"Any pass_persist program", kPrograms},
    {"Recordings", kRecordings},
    {"Help", kOthers},
};

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

}  // namespace passpersist
