#ifndef TOOLS_PASSPERSIST_CONSOLE_H_
#define TOOLS_PASSPERSIST_CONSOLE_H_

#include <ostream>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tools/passpersist/palette.h"

namespace passpersist {

// Where commands print.
//
// Used by one thread at a time.
class Console {
 public:
  struct Options {
    bool terminal = false;  // can be cleared
    bool color = false;
    bool error_color = false;
    int height = 0;  // lines of the terminal; 0 if that is not known
  };

  // The caller keeps the streams.
  Console(std::ostream* output, std::ostream* error, Options options)
      : output_(output), error_(error), options_(options) {}

  bool terminal() const { return options_.terminal; }
  int height() const { return options_.height; }
  Palette palette() const { return Palette(options_.color); }

  // Prints at once. Cancelled if nobody reads any more, which is no reason to
  // complain: "passpersist walk | head".
  absl::Status Print(absl::string_view text);

  // Says something beside the output: a line "passpersist: " and `message`.
  void Note(absl::string_view message);

  // The same, in red if errors have colours.
  void Error(absl::string_view message);

 private:
  std::ostream* const output_;
  std::ostream* const error_;
  const Options options_;
};

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CONSOLE_H_
