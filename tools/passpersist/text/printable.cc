// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/printable.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace passpersist::tool {
namespace {

bool IsContinuation(char byte) {
  return (static_cast<uint8_t>(byte) & 0xC0) == 0x80;
}

bool IsVisible(uint32_t character) {
  if (character < 0xA0) return character >= ' ' && character <= '~';
  if (character >= 0xD800 && character <= 0xDFFF) return false;  // surrogates
  if (character == 0xAD || character == 0x61C) return false;
  if (character >= 0x200B && character <= 0x200F) return false;
  if (character >= 0x2028 && character <= 0x202E) return false;
  if (character >= 0x2060 && character <= 0x206F) return false;
  if (character >= 0xFFF9 && character <= 0xFFFB) return false;
  if (character >= 0xE0000 && character <= 0xE0FFF) return false;  // tags
  return character != 0xFEFF && character <= 0x10FFFF;
}

// Returns the size in bytes of the first character of `text`; 0 if that
// character is not printable.
size_t VisibleBytes(absl::string_view text) {
  static constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const uint8_t first = static_cast<uint8_t>(text[0]);
  if (first < 0x80) return IsVisible(first) ? 1 : 0;
  const size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC0 || first > 0xF7 || text.size() < size) return 0;
  uint32_t character = first & (0xFFu >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if (!IsContinuation(text[i])) return 0;
    character = (character << 6) | (static_cast<uint8_t>(text[i]) & 0x3F);
  }
  return character >= kLeast[size] && IsVisible(character) ? size : 0;
}

void AppendEscape(char byte, std::string* out) {
  switch (byte) {
    case '\n':
      out->append("\\n");
      break;
    case '\r':
      out->append("\\r");
      break;
    case '\t':
      out->append("\\t");
      break;
    default:
      absl::StrAppend(out, "\\x",
                      absl::Hex(static_cast<uint8_t>(byte), absl::kZeroPad2));
  }
}

std::string Escape(absl::string_view text, absl::string_view special) {
  std::string out;
  while (!text.empty()) {
    const size_t size = VisibleBytes(text);
    if (size == 0) {
      AppendEscape(text[0], &out);
    } else {
      if (absl::StrContains(special, text[0])) out.push_back('\\');
      absl::StrAppend(&out, text.substr(0, size));
    }
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return out;
}

}  // namespace

bool IsPrintable(absl::string_view text) {
  while (!text.empty()) {
    const size_t size = VisibleBytes(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string Printable(absl::string_view text) { return Escape(text, ""); }

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", Escape(text, "\"\\"), "\"");
}

size_t Width(absl::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(),
                    [](char byte) { return !IsContinuation(byte); }));
}

}  // namespace passpersist::tool
