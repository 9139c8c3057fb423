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

// The text of a settings file, as people edit it:
//
//   ; a comment; a line that begins with # is a comment, too
//   [voip]
//   port = 5060
//
// Blanks and tabs around names and values are ignored. A value extends from the
// first "=" to the end of the line. Values have no quotes, escapes or comments,
// so every printable text can be a value. Settings before the first section are
// in section "". A section may continue further down, but has each key only
// once.
//
// IniFile keeps the unchanged text and the positions of the values in it:
//
//   "[voip]\n port = 5060 \r\n..."
//                    ^---
//                    begin, value.size()
//
// A changed value therefore changes no other byte: comments, the order of
// lines, indentation and line ends stay.
//
// Parse() takes O(n log n), TextWith() O(n).
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

  // Returns DataLoss for a line that is not blank and has none of the forms
  // above, and for a setting that occurs twice. The message begins with `name`
  // and the number of the line: "settings.ini:7: ...".
  static absl::StatusOr<IniFile> Parse(std::string text,
                                       absl::string_view name);

  // In the order of the lines.
  const std::vector<Setting>& settings() const { return settings_; }

  // Returns true if `value`, written to a file, is the same when it is read
  // again: one line of text without blanks at its ends. Bytes from 0x80 on are
  // text, whatever the encoding of the file.
  static bool CanHold(absl::string_view value);

  // Returns the text with another value for one of settings(). Requires
  // CanHold(value).
  std::string TextWith(const Setting& setting, absl::string_view value) const;

 private:
  explicit IniFile(std::string text) : text_(std::move(text)) {}

  std::string text_;
  std::vector<Setting> settings_;
};

}  // namespace examples

#endif  // EXAMPLES_INI_FILE_H_
