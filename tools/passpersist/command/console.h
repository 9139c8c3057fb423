// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_CONSOLE_H_
#define TOOLS_PASSPERSIST_COMMAND_CONSOLE_H_

#include <functional>
#include <ostream>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/passpersist/text/palette.h"

namespace passpersist {

// In characters; 0 where that is not known.
struct TerminalSize {
  int lines = 0;
  int columns = 0;
};

// Where commands print.
//
// Used by one thread at a time.
class Console {
 public:
  struct Options {
    bool terminal = false;  // can be cleared
    bool color = false;
    bool error_color = false;
    // Of the terminal. Asked for again and again: people change it.
    std::function<TerminalSize()> size = [] { return TerminalSize(); };
  };

  // The caller keeps the streams.
  Console(std::ostream* output, std::ostream* error, Options options)
      : output_(output), error_(error), options_(options) {}

  bool terminal() const { return options_.terminal; }
  Palette palette() const { return Palette(options_.color); }

  // Prints at once. Cancelled if nobody reads any more, which is no reason to
  // complain: "passpersist walk | head".
  absl::Status Print(absl::string_view text);

  // Prints in place of what was printed so before, as much of it as the
  // terminal has room for: a longer line ends by "…". Requires a terminal, and
  // text that is printable (printable.h) but for newlines and what a Palette
  // does.
  absl::Status PrintInPlace(absl::string_view text);

  // Says something beside the output: a line "passpersist: " and `message`.
  void Note(absl::string_view message);

  // The same, in red if errors have colours.
  void Error(absl::string_view message);

 private:
  std::ostream* const output_;
  std::ostream* const error_;
  const Options options_;
  bool cleared_ = false;
};

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_COMMAND_CONSOLE_H_
