// SPDX-License-Identifier: Apache-2.0

#include "tools/transcript/transcript_text.h"

#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace passpersist::tool {
namespace {

absl::Status SyntaxError(absl::string_view what, absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(what, " \"", text, "\""));
}

// Consumes "{ab*3}"; the text in it may have escapes.
absl::StatusOr<std::string> TakeRepetition(absl::string_view* text) {
  const size_t end = text->find('}');
  const absl::string_view inside = text->substr(1, end - 1);
  const size_t star = inside.rfind('*');
  size_t times = 0;
  if (end == absl::string_view::npos || star == absl::string_view::npos ||
      !absl::SimpleAtoi(inside.substr(star + 1), &times)) {
    return SyntaxError("invalid repetition", *text);
  }
  const absl::StatusOr<std::string> once =
      UnescapeTranscriptText(inside.substr(0, star));
  if (!once.ok()) return once.status();
  text->remove_prefix(end + 1);
  std::string all;
  for (size_t i = 0; i < times; ++i) all.append(*once);
  return all;
}

// Parses a value of `Type` that holds a number of type `Number`.
template <typename Type, typename Number>
absl::StatusOr<Value> ParseNumber(absl::string_view text) {
  Number number = 0;
  if (!absl::SimpleAtoi(text, &number))
    return SyntaxError("invalid number", text);
  return Type{number};
}

template <typename Type>
absl::StatusOr<Value> ToValue(absl::StatusOr<Type> value) {
  if (!value.ok()) return value.status();
  return Value(*std::move(value));
}

}  // namespace

absl::StatusOr<std::string> UnescapeTranscriptText(absl::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    if (!absl::ConsumePrefix(&text, "\\")) {
      if (!absl::ascii_isprint(text[0]))
        return SyntaxError("write \\x for", text);
      bytes.push_back(text[0]);
      text.remove_prefix(1);
    } else if (absl::ConsumePrefix(&text, "\\")) {
      bytes.push_back('\\');
    } else if (absl::ConsumePrefix(&text, "n")) {
      bytes.push_back('\n');
    } else if (absl::ConsumePrefix(&text, "r")) {
      bytes.push_back('\r');
    } else if (absl::ConsumePrefix(&text, "t")) {
      bytes.push_back('\t');
    } else if (absl::ConsumePrefix(&text, "x")) {
      const absl::string_view digits = text.substr(0, 2);
      const absl::StatusOr<OctetString> byte = OctetString::FromHex(digits);
      if (digits.size() != 2 || !byte.ok())
        return SyntaxError("invalid byte", text);
      bytes.append(byte->bytes);
      text.remove_prefix(2);
    } else if (!text.empty() && text[0] == '{') {
      const absl::StatusOr<std::string> repetition = TakeRepetition(&text);
      if (!repetition.ok()) return repetition.status();
      bytes.append(*repetition);
    } else {
      return SyntaxError("invalid escape", text);
    }
  }
  return bytes;
}

std::string EscapeTranscriptText(absl::string_view bytes) {
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    const char c = bytes[i];
    const bool last = i + 1 == bytes.size();
    if (c == '\\') {
      text.append("\\\\");
    } else if (c == '\r') {
      text.append("\\r");
    } else if (c == '\t') {
      text.append("\\t");
    } else if (c == '\n') {
      text.append("\\n");
    } else if (!absl::ascii_isprint(c) || (c == ' ' && last)) {
      absl::StrAppendFormat(&text, "\\x%02x", static_cast<unsigned char>(c));
    } else {
      text.push_back(c);
    }
  }
  return text;
}

absl::StatusOr<Value> ParseTranscriptValue(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(' ', 1));
  const absl::string_view type = parts.first;
  const absl::StatusOr<std::string> bytes =
      UnescapeTranscriptText(parts.second);
  if (!bytes.ok()) return bytes.status();
  if (type == "INTEGER") return ParseNumber<Integer32, int32_t>(*bytes);
  if (type == "Counter32") return ParseNumber<Counter32, uint32_t>(*bytes);
  if (type == "Counter64") return ParseNumber<Counter64, uint64_t>(*bytes);
  if (type == "GAUGE") return ParseNumber<Gauge32, uint32_t>(*bytes);
  if (type == "TIMETICKS") return ParseNumber<TimeTicks, uint32_t>(*bytes);
  if (type == "IPADDRESS") return ToValue(IpAddress::Parse(*bytes));
  if (type == "STRING") return OctetString{*bytes};
  if (type == "OCTET") return ToValue(OctetString::FromHex(*bytes));
  if (type == "OPAQUE") {
    const auto contents = OctetString::FromHex(*bytes);
    if (!contents.ok()) return contents.status();
    return Opaque{contents->bytes};
  }
  if (type == "OBJECTID") {
    const auto oid = ParseAnyOid(*bytes);
    if (!oid.ok()) return oid.status();
    return ObjectIdentifier{*oid};
  }
  return SyntaxError("unknown type", type);
}

absl::StatusOr<Oid> ParseAnyOid(absl::string_view text) {
  const absl::StatusOr<std::string> all = UnescapeTranscriptText(text);
  if (!all.ok()) return all.status();
  Oid oid;
  for (const absl::string_view part :
       absl::StrSplit(absl::StripPrefix(*all, "."), '.')) {
    uint32_t arc = 0;
    if (!absl::SimpleAtoi(part, &arc)) return SyntaxError("invalid OID", text);
    oid.Append(arc);
  }
  return oid;
}

absl::StatusOr<ErrorStatus> ParseErrorStatusName(absl::string_view name) {
  if (name.empty()) return ErrorStatus::kNoError;
  constexpr uint8_t kLast =
      static_cast<uint8_t>(ErrorStatus::kInconsistentName);
  for (uint8_t number = 0; number <= kLast; ++number) {
    if (name == ErrorStatusName(ErrorStatus{number})) {
      return ErrorStatus{number};
    }
  }
  return SyntaxError("no error status:", name);
}

}  // namespace passpersist::tool
