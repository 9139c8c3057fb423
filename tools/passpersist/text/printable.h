// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_PRINTABLE_H_
#define TOOLS_PASSPERSIST_TEXT_PRINTABLE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace passpersist {

// What an agent says must not control the terminal of whoever looks at it, nor
// look like something else. Printable are the characters of ASCII from the
// blank to '~', and those of well-formed UTF-8 but for controls, and for marks
// that are invisible or turn the direction of writing.

// True if all of `text` is.
bool IsPrintable(absl::string_view text);

// Escapes the rest: "\n", "\t", "\x1b", a byte at a time.
std::string Printable(absl::string_view text);

// The same in quotes, with a backslash before quotes and backslashes.
std::string Quoted(absl::string_view text);

// How many columns printable text takes: its characters are counted.
size_t Width(absl::string_view text);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_TEXT_PRINTABLE_H_
