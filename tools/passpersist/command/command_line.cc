// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/command_line.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/flags/reflection.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tools/passpersist/command/nearest_word.h"
#include "tools/passpersist/command/options.h"
#include "tools/passpersist/text/printable.h"

namespace passpersist::tool {
namespace {

// Finds a flag of options.h; flags that Abseil or a test defines are not found.
absl::CommandLineFlag* FindFlag(absl::string_view name) {
  const std::vector<absl::string_view>& names = FlagNames();
  const bool ours = std::find(names.begin(), names.end(), name) != names.end();
  return ours ? absl::FindCommandLineFlag(name) : nullptr;
}

absl::Status UnknownFlag(absl::string_view name) {
  const absl::string_view nearest = NearestWord(name, FlagNames());
  return absl::InvalidArgumentError(absl::StrCat(
      "unknown flag ", Printable(absl::StrCat("--", name)),
      nearest.empty() ? "; see passpersist help"
                      : absl::StrCat("; did you mean --", nearest, "?")));
}

// Sets the flag that `word` begins with, and returns the flag's name. The value
// is in `word` or, if the flag is not Boolean, in *next; then *next is reset.
absl::StatusOr<std::string> SetFlag(absl::string_view word,
                                    std::optional<std::string>* next) {
  const absl::string_view assignment = absl::StripPrefix(word, "--");
  const size_t equals = assignment.find('=');
  const absl::string_view name = assignment.substr(0, equals);
  absl::CommandLineFlag* flag = FindFlag(name);
  std::string value;
  if (equals != absl::string_view::npos) {
    value = std::string(assignment.substr(equals + 1));
  } else if (flag != nullptr && flag->IsOfType<bool>()) {
    value = "true";
  } else if (flag == nullptr) {
    flag = FindFlag(absl::StripPrefix(name, "no"));
    if (flag == nullptr || !flag->IsOfType<bool>()) return UnknownFlag(name);
    value = "false";
  } else if (*next) {
    value = **next;
    next->reset();
  } else {
    return absl::InvalidArgumentError(
        absl::StrCat("--", name, " needs a value: ", flag->Help()));
  }
  if (flag == nullptr) return UnknownFlag(name);
  std::string error;
  if (flag->ParseFrom(value, &error)) return std::string(flag->Name());
  return absl::InvalidArgumentError(absl::StrCat(
      "--", flag->Name(), " can't be ", Quoted(value), ": ", flag->Help()));
}

}  // namespace

absl::StatusOr<CommandLine> ParseCommandLine(
    const std::vector<std::string>& arguments) {
  CommandLine line;
  const auto end = std::find(arguments.begin(), arguments.end(), "--");
  if (end != arguments.end()) {
    line.program.assign(end + 1, arguments.end());
    if (line.program.empty()) {
      return absl::InvalidArgumentError("no program after --");
    }
  }
  for (auto word = arguments.begin(); word != end; ++word) {
    if (*word == "--help" || *word == "-h") {
      line.help = true;
    } else if (word->substr(0, 2) == "--") {
      std::optional<std::string> next;
      if (word + 1 != end) next = *(word + 1);
      const bool had_next = next.has_value();
      absl::StatusOr<std::string> flag = SetFlag(*word, &next);
      if (!flag.ok()) return flag.status();
      line.flags.push_back(*std::move(flag));
      if (had_next && !next) ++word;
    } else {
      line.words.push_back(*word);
    }
  }
  return line;
}

absl::StatusOr<std::vector<std::string>> SplitWords(absl::string_view line) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = '\0';
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote == '\0' && absl::ascii_isspace(c)) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == quote) {
      quote = '\0';
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
    } else if (quote != '\'' && c == '\\' && i + 1 < line.size()) {
      words.back().push_back(line[++i]);
    } else {
      words.back().push_back(c);
    }
  }
  if (quote == '\0') return words;
  return absl::InvalidArgumentError(
      absl::StrCat("unterminated quote: ", Printable(line)));
}

}  // namespace passpersist::tool
