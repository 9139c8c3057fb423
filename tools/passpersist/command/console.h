// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_CONSOLE_H_
#define TOOLS_PASSPERSIST_COMMAND_CONSOLE_H_

#include <functional>
#include <ostream>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/passpersist/text/palette.h"

namespace passpersist::tool {

// The size of a terminal, in characters. 0 if unknown.
struct TerminalSize {
  int lines = 0;
  int columns = 0;
};

// The output of commands: standard output and standard error.
//
// Used by one thread at a time.
class Console {
 public:
  struct Options {
    bool terminal = false;  // the output can be cleared
    bool color = false;
    bool error_color = false;
    // Returns the terminal's size. Called before each PrintInPlace(), since the
    // user can resize the terminal.
    std::function<TerminalSize()> size = [] { return TerminalSize(); };
  };

  // The caller keeps the streams.
  Console(std::ostream* output, std::ostream* error, Options options)
      : output_(output), error_(error), options_(options) {}

  bool terminal() const { return options_.terminal; }
  Palette palette() const { return Palette(options_.color); }

  // Prints and flushes `text`. Returns Cancelled if the reader has closed the
  // output, which is not an error of the command: "passpersist walk | head".
  absl::Status Print(absl::string_view text);

  // Prints `text` in place of what the previous PrintInPlace() printed, as much
  // of it as fits the terminal: a longer line ends with "…". Requires a
  // terminal, and text that is printable (printable.h) except for newlines and
  // the styles of a Palette.
  absl::Status PrintInPlace(absl::string_view text);

  // Prints the line "passpersist: " + `message` to standard error.
  void Note(absl::string_view message);

  // Like Note(), with the message in red if options.error_color is set.
  void Error(absl::string_view message);

 private:
  std::ostream* const output_;
  std::ostream* const error_;
  const Options options_;
  bool cleared_ = false;
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_COMMAND_CONSOLE_H_
