// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_INI_FILE_H_
#define EXAMPLES_INI_FILE_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace examples {

// The text of a settings file, as people write it:
//
//   ; a comment, as is a line that begins with #
//   [voip]
//   port = 5060
//
// Blanks and tabs around names and values don't count. A value goes from the
// first "=" to the end of the line: there are no quotes, no escapes and no
// comments within, so that every printable text can be a value. What comes
// before the first section is in section "". A section may go on further down,
// but has each key only once.
//
// Keeps the text as it is, and where in it the values are:
//
//   "[voip]\n port = 5060 \r\n..."
//                    ^---
//                    begin, value.size()
//
// so that a changed value changes no other byte: not comments, not the order of
// lines, not how they are indented and ended.
//
// Reading takes O(n log n), a change O(n).
//
// Immutable, so safe for concurrent use.
class IniFile {
 public:
  struct Setting {
    std::string section;
    std::string key;
    std::string value;
    size_t begin;  // of the value in the text
  };

  // DataLoss for a line that is neither blank nor one of those above, and for
  // a setting that is there twice. It begins with `name` and the line's number,
  // "settings.ini:7: ...".
  static absl::StatusOr<IniFile> Parse(std::string text,
                                       absl::string_view name);

  // In the order of the lines.
  const std::vector<Setting>& settings() const { return settings_; }

  // True if `value` can be written to a file and is the same when read: one
  // line of text, no blanks at its ends. Bytes from 0x80 on count as text,
  // whatever the encoding of the file.
  static bool CanHold(absl::string_view value);

  // The text with another value for one of settings(). Requires
  // CanHold(value).
  std::string TextWith(const Setting& setting, absl::string_view value) const;

 private:
  explicit IniFile(std::string text) : text_(std::move(text)) {}

  std::string text_;
  std::vector<Setting> settings_;
};

}  // namespace examples

#endif  // EXAMPLES_INI_FILE_H_
