// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_PALETTE_H_
#define TOOLS_PASSPERSIST_TEXT_PALETTE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace passpersist::tool {

// Adds colours to text for a terminal, or leaves it plain (ECMA-48 section
// 8.3.117, SGR).
//
// Immutable, so safe for concurrent use.
class Palette {
 public:
  enum class Style {
    kBold = 1,
    kDim = 2,
    kRed = 31,
    kGreen = 32,
    kYellow = 33
  };

  explicit Palette(bool color) : color_(color) {}

  // Returns `text` in `style`, followed by the reset of the style.
  std::string Paint(Style style, absl::string_view text) const {
    if (!color_ || text.empty()) return std::string(text);
    return absl::StrCat("\x1b[", static_cast<int>(style), "m", text, "\x1b[0m");
  }

 private:
  const bool color_;
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_TEXT_PALETTE_H_
