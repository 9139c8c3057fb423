// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_COMMAND_LINE_H_
#define TOOLS_PASSPERSIST_COMMAND_COMMAND_LINE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace passpersist::tool {

// A parsed command line, without the values of its flags. A value type.
struct CommandLine {
  std::vector<std::string> words;    // the command and its arguments
  std::vector<std::string> program;  // after "--": a program and its arguments
  std::vector<std::string> flags;    // the names of the flags that were set
  bool help = false;                 // --help or -h
};

// Parses the arguments of the process, without the process's name, and sets the
// flags of options.h. A flag is --name=value or --name value; a Boolean flag is
// --name or --noname. Flags may be anywhere before "--". All other words, also
// those with one '-', are arguments: "set .1.3.1.0 i -5".
// (absl::ParseCommandLine() would take "-5" for a flag, and it ends the process
// by itself.)
//
// Returns InvalidArgument for an unknown flag, suggesting the flag with the
// nearest name, and for an invalid value. The message names the word.
absl::StatusOr<CommandLine> ParseCommandLine(
    const std::vector<std::string>& arguments);

// Splits a line that was typed into words. Words are separated by blanks; a
// blank in quotes or after a backslash belongs to its word, as in a shell.
// Returns InvalidArgument for an unterminated quote.
absl::StatusOr<std::vector<std::string>> SplitWords(absl::string_view line);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_COMMAND_COMMAND_LINE_H_
