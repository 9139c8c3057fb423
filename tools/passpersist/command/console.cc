// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/console.h"

#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/passpersist/text/printable.h"

namespace passpersist::tool {
namespace {

bool IsStyle(absl::string_view text) { return absl::StartsWith(text, "\x1b["); }

// Removes and returns the first style (of a Palette) or the first character.
absl::string_view TakeFirst(absl::string_view* text) {
  size_t size = 1;
  if (IsStyle(*text)) {
    size = text->find('m') + 1;
  } else {
    while (size < text->size() && Width(text->substr(size, 1)) == 0) ++size;
  }
  const absl::string_view first = text->substr(0, size);
  text->remove_prefix(size);
  return first;
}

// Cuts `line` to `columns` characters. All styles are kept, since a cut style
// could be the one that resets another.
std::string Cut(absl::string_view line, size_t columns) {
  std::string cut;
  size_t width = 0;
  for (absl::string_view rest = line; !rest.empty();) {
    const absl::string_view first = TakeFirst(&rest);
    if (!IsStyle(first)) ++width;
    if (IsStyle(first) || width < columns) {
      absl::StrAppend(&cut, first);
    } else if (width == columns) {
      absl::StrAppend(&cut, "…");
    }
  }
  return width <= columns ? std::string(line) : cut;
}

}  // namespace

absl::Status Console::Print(absl::string_view text) {
  *output_ << text << std::flush;
  if (output_->good()) return absl::OkStatus();
  return absl::CancelledError("the output was closed");
}

absl::Status Console::PrintInPlace(absl::string_view text) {
  constexpr size_t kUnlimited = std::numeric_limits<size_t>::max();
  const TerminalSize size = options_.size();
  const size_t columns =
      size.columns > 0 ? static_cast<size_t>(size.columns) : kUnlimited;
  // The newline after the terminal's last line would scroll it.
  const size_t room =
      size.lines > 1 ? static_cast<size_t>(size.lines - 1) : kUnlimited;
  absl::ConsumeSuffix(&text, "\n");
  std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  if (lines.size() > room) lines.resize(room);
  std::string screen = std::exchange(cleared_, true) ? "" : "\x1b[2J";
  absl::StrAppend(&screen, "\x1b[H");
  for (const absl::string_view line : lines) {
    // The line is cleared before it is printed: after a line of full width,
    // clearing would erase its last character.
    absl::StrAppend(&screen, "\x1b[K", Cut(line, columns), "\n");
  }
  return Print(absl::StrCat(screen, "\x1b[J"));
}

void Console::Note(absl::string_view message) {
  *error_ << "passpersist: " << Printable(message) << std::endl;
}

void Console::Error(absl::string_view message) {
  *error_ << "passpersist: "
          << Palette(options_.error_color)
                 .Paint(Palette::Style::kRed, Printable(message))
          << std::endl;
}

}  // namespace passpersist::tool
