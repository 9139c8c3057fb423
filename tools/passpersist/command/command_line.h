// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_COMMAND_LINE_H_
#define TOOLS_PASSPERSIST_COMMAND_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace passpersist {

// What is left of a command line without its flags. A value type.
struct CommandLine {
  std::vector<std::string> words;    // the command and its arguments
  std::vector<std::string> program;  // behind "--": a program and its arguments
  std::vector<std::string> flags;    // the names of those that were set
  bool help = false;                 // --help or -h
};

// Reads the arguments of the process, without its own name, and sets the flags
// of options.h. A flag is --name=value, --name value, --name or --noname for a
// switch, anywhere before "--". All other words, those with one '-' too, are
// arguments: "set .1.3.1.0 i -5". (absl::ParseCommandLine() would take that for
// a flag, and ends the process itself.)
//
// InvalidArgument, naming the word, for a flag that there is not, with the
// nearest that there is, or that has no such value.
absl::StatusOr<CommandLine> ParseCommandLine(
    const std::vector<std::string>& arguments);

// The words of a line that was typed: separated by blanks, unless these are in
// quotes or behind a backslash, as for a shell. InvalidArgument for a quote
// without its other end.
absl::StatusOr<std::vector<std::string>> SplitWords(absl::string_view line);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_COMMAND_COMMAND_LINE_H_
