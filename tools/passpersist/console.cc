#include "tools/passpersist/console.h"

#include "tools/passpersist/printable.h"

namespace passpersist {

absl::Status Console::Print(absl::string_view text) {
  *output_ << text << std::flush;
  if (output_->good()) return absl::OkStatus();
  return absl::CancelledError("nobody reads any more");
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

}  // namespace passpersist
