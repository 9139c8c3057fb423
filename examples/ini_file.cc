// SPDX-License-Identifier: Apache-2.0

#include "examples/ini_file.h"

#include <algorithm>
#include <map>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace examples {
namespace {

constexpr absl::string_view kBlanks = " \t";

// Removes blanks at both ends. For a text of blanks only, returns the empty
// text at its end, so that "port = " gets a value where a person would write
// it.
absl::string_view StripBlanks(absl::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == absl::string_view::npos) return text.substr(text.size());
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// Returns an empty text if the line is not a name in brackets.
absl::string_view SectionOf(absl::string_view line) {
  line = StripBlanks(line);
  const bool bracketed =
      absl::ConsumePrefix(&line, "[") && absl::ConsumeSuffix(&line, "]");
  return bracketed ? StripBlanks(line) : absl::string_view();
}

// Returns an empty text if the line does not begin with a name and "=".
absl::string_view KeyOf(absl::string_view line) {
  const size_t equals = line.find('=');
  if (equals == absl::string_view::npos) return {};
  const absl::string_view key = StripBlanks(line.substr(0, equals));
  return absl::StartsWith(key, "[") ? absl::string_view() : key;
}

bool IsBlankOrComment(absl::string_view line) {
  line = StripBlanks(line);
  return line.empty() || line[0] == '#' || line[0] == ';';
}

}  // namespace

absl::StatusOr<IniFile> IniFile::Parse(std::string text,
                                       absl::string_view name) {
  IniFile file(std::move(text));
  std::map<std::pair<std::string, std::string>, size_t> lines;
  std::string section;
  size_t number = 0;
  for (absl::string_view line : absl::StrSplit(file.text_, '\n')) {
    ++number;
    absl::ConsumeSuffix(&line, "\r");
    if (IsBlankOrComment(line)) continue;
    const absl::string_view new_section = SectionOf(line);
    const std::string key(KeyOf(line));
    if (!new_section.empty()) {
      section = std::string(new_section);
    } else if (key.empty()) {
      return absl::DataLossError(absl::StrCat(
          name, ":", number, ": neither section, setting nor comment: \"",
          absl::CHexEscape(line), "\""));
    } else {
      const auto [first, is_new] = lines.insert({{section, key}, number});
      if (!is_new) {
        return absl::DataLossError(
            absl::StrCat(name, ":", number, ": set in line ", first->second,
                         " already: \"", absl::CHexEscape(line), "\""));
      }
      const absl::string_view value =
          StripBlanks(line.substr(line.find('=') + 1));
      const size_t begin = value.data() - file.text_.data();
      file.settings_.push_back({section, key, std::string(value), begin});
    }
  }
  return file;
}

bool IniFile::CanHold(absl::string_view value) {
  return StripBlanks(value).size() == value.size() &&
         std::none_of(value.begin(), value.end(), [](unsigned char c) {
           return absl::ascii_iscntrl(c) && c != '\t';
         });
}

std::string IniFile::TextWith(const Setting& setting,
                              absl::string_view value) const {
  std::string text = text_;
  text.replace(setting.begin, setting.value.size(), value.data(), value.size());
  return text;
}

}  // namespace examples
