// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_PRINTABLE_H_
#define TOOLS_PASSPERSIST_TEXT_PRINTABLE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace passpersist::tool {

// The text that an agent sends must not control the user's terminal, nor look
// like something else. The printable characters are those of ASCII from the
// blank to '~', and those of well-formed UTF-8 except controls and marks that
// are invisible or change the direction of writing.

// Returns true if all of `text` is printable.
bool IsPrintable(absl::string_view text);

// Escapes what is not printable: "\n", "\t", "\x1b", one byte at a time.
std::string Printable(absl::string_view text);

// Like Printable(), in quotes, with a backslash before quotes and backslashes.
std::string Quoted(absl::string_view text);

// Returns the number of columns of printable text: its number of characters.
size_t Width(absl::string_view text);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_TEXT_PRINTABLE_H_
