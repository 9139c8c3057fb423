// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace passpersist {
namespace {

// snmpd reads a `string` line unchanged, except that it drops a final CR. A NUL
// cuts the line (and, at its start, makes snmpd write before its buffer). The
// empty string makes snmpd read before its buffer, so it is sent as `octet`.
bool FitsStringLine(absl::string_view bytes) {
  return !bytes.empty() && bytes.size() <= kMaxPassPersistLine &&
         bytes.back() != '\r' && !absl::StrContains(bytes, '\n') &&
         !absl::StrContains(bytes, '\0');
}

template <typename Number>
void AppendNumber(Number number, std::string* out) {
  std::array<char, 20> text;
  const auto [end, error] =
      std::to_chars(text.data(), text.data() + text.size(), number);
  out->append(text.data(), end - text.data());
}

void AppendHex(absl::string_view bytes, std::string* out) {
  constexpr absl::string_view kDigits = "0123456789abcdef";
  for (size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (i > 0) out->push_back(' ');
    out->push_back(kDigits[byte >> 4]);
    out->push_back(kDigits[byte & 0xf]);
  }
}

struct TypeWord {
  absl::string_view operator()(const Integer32&) { return "INTEGER"; }
  absl::string_view operator()(const Counter32&) { return "Counter32"; }
  absl::string_view operator()(const Counter64&) { return "Counter64"; }
  absl::string_view operator()(const Gauge32&) { return "GAUGE"; }
  absl::string_view operator()(const TimeTicks&) { return "TIMETICKS"; }
  absl::string_view operator()(const IpAddress&) { return "IPADDRESS"; }
  absl::string_view operator()(const ObjectIdentifier&) { return "OBJECTID"; }
  absl::string_view operator()(const OctetString& string) {
    return FitsStringLine(string.bytes) ? "STRING" : "OCTET";
  }
  absl::string_view operator()(const Opaque&) { return "OPAQUE"; }
};

struct ValueText {
  void operator()(const Integer32& v) { AppendNumber(v.value, out); }
  void operator()(const Counter32& v) { AppendNumber(v.value, out); }
  void operator()(const Counter64& v) { AppendNumber(v.value, out); }
  void operator()(const Gauge32& v) { AppendNumber(v.value, out); }
  void operator()(const TimeTicks& v) { AppendNumber(v.value, out); }
  void operator()(const IpAddress& v) {
    for (size_t i = 0; i < v.octets.size(); ++i) {
      if (i > 0) out->push_back('.');
      AppendNumber(v.octets[i], out);
    }
  }
  void operator()(const ObjectIdentifier& v) { v.value.AppendTo(out); }
  void operator()(const OctetString& v) {
    if (FitsStringLine(v.bytes)) {
      out->append(v.bytes);
    } else {
      AppendHex(v.bytes, out);
    }
  }
  void operator()(const Opaque& v) { AppendHex(v.bytes, out); }

  std::string* out;
};

struct NumberLines {
  template <typename Number>
  char* operator()(const Number& v) {
    return Line(v.value, TypeLine(v));
  }
  char* operator()(const IpAddress& v) {
    to = TypeLine(v);
    for (const uint8_t octet : v.octets) to = Line(octet, to, '.');
    to[-1] = '\n';
    return to;
  }
  char* operator()(const ObjectIdentifier&) { return nullptr; }
  char* operator()(const OctetString&) { return nullptr; }
  char* operator()(const Opaque&) { return nullptr; }

  template <typename Type>
  char* TypeLine(const Type& v) {
    const absl::string_view word = TypeWord()(v);
    *to++ = '\n';
    char* const end = std::copy(word.begin(), word.end(), to);
    *end = '\n';
    return end + 1;
  }
  template <typename Number>
  static char* Line(Number number, char* to, char end = '\n') {
    constexpr size_t kMaxDigits = 20;
    char* const after = std::to_chars(to, to + kMaxDigits, number).ptr;
    *after = end;
    return after + 1;
  }

  char* to;
};

struct ValueCheck {
  absl::Status operator()(const ObjectIdentifier& v) {
    return CheckPassPersistOid(v.value);
  }
  absl::Status operator()(const OctetString& v) {
    if (FitsStringLine(v.bytes)) return absl::OkStatus();
    return CheckHex(v.bytes);
  }
  absl::Status operator()(const Opaque& v) { return CheckHex(v.bytes); }
  template <typename Number>
  absl::Status operator()(const Number&) {
    return absl::OkStatus();
  }

  static absl::Status CheckHex(absl::string_view bytes) {
    if (bytes.size() <= kMaxPassPersistHexBytes) return absl::OkStatus();
    return absl::OutOfRangeError(
        absl::StrCat(bytes.size(), " bytes: a line takes ", kMaxPassPersistLine,
                     " of text without newline and NUL, or ",
                     kMaxPassPersistHexBytes, " of any kind"));
  }
};

// Parses decimal digits with an optional minus, as "%d" and "%ld" print them.
bool ParseNumber(absl::string_view text, int64_t* number) {
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, *number);
  return error == std::errc() && rest == end;
}

template <typename Unsigned>
ErrorStatus ParseUnsigned(absl::string_view text, Value* value) {
  int64_t number = 0;
  if (!ParseNumber(text, &number) ||
      number < std::numeric_limits<int32_t>::min() ||
      number > std::numeric_limits<uint32_t>::max()) {
    return ErrorStatus::kWrongValue;
  }
  *value = Unsigned{static_cast<uint32_t>(number)};
  return ErrorStatus::kNoError;
}

// Moves the parsed value to *value, or returns kWrongValue.
template <typename Type>
ErrorStatus MoveParsed(absl::StatusOr<Type> parsed, Value* value) {
  if (!parsed.ok()) return ErrorStatus::kWrongValue;
  *value = *std::move(parsed);
  return ErrorStatus::kNoError;
}

ErrorStatus ParseInteger(absl::string_view text, Value* value) {
  int64_t number = 0;
  if (!ParseNumber(text, &number)) return ErrorStatus::kWrongValue;
  const Converted<Integer32> integer = Integer32::FromNumber(number);
  if (!integer) return ErrorStatus::kWrongValue;
  *value = *integer;
  return ErrorStatus::kNoError;
}

ErrorStatus ParseIpAddress(absl::string_view text, Value* value) {
  return MoveParsed(IpAddress::Parse(text), value);
}

ErrorStatus ParseObjectId(absl::string_view text, Value* value) {
  Oid oid;
  if (!oid.Assign(text).ok() || !CheckPassPersistOid(oid).ok()) {
    return ErrorStatus::kWrongValue;
  }
  *value = ObjectIdentifier{std::move(oid)};
  return ErrorStatus::kNoError;
}

ErrorStatus TakeString(OctetString string, Value* value) {
  if (!ValueCheck()(string).ok()) return ErrorStatus::kWrongLength;
  *value = std::move(string);
  return ErrorStatus::kNoError;
}

ErrorStatus ParseString(absl::string_view text, Value* value) {
  return TakeString({std::string(text)}, value);
}

ErrorStatus ParseOctets(absl::string_view text, Value* value) {
  absl::StatusOr<OctetString> octets =
      OctetString::FromHex(absl::StripTrailingAsciiWhitespace(text));
  if (!octets.ok()) return ErrorStatus::kWrongValue;
  return TakeString(*std::move(octets), value);
}

// The words that snmpd sends, and other names of the same types for people at a
// terminal.
struct SetType {
  absl::string_view word;
  ErrorStatus (*parse)(absl::string_view text, Value* value);
};
constexpr SetType kSetTypes[] = {
    {"integer", ParseInteger},
    {"integer32", ParseInteger},
    {"counter", ParseUnsigned<Counter32>},
    {"counter32", ParseUnsigned<Counter32>},
    {"gauge", ParseUnsigned<Gauge32>},
    {"gauge32", ParseUnsigned<Gauge32>},
    {"unsigned", ParseUnsigned<Gauge32>},
    {"unsigned32", ParseUnsigned<Gauge32>},
    {"timeticks", ParseUnsigned<TimeTicks>},
    {"ipaddress", ParseIpAddress},
    {"objectid", ParseObjectId},
    {"string", ParseString},
    {"octet", ParseOctets},
};

}  // namespace

absl::Status CheckPassPersistOid(const Oid& oid) {
  if (oid.size() >= 2 && oid.size() <= Oid::kMaxArcs) {
    // BER encodes both as one number of 32 bits, 40 * first + second.
    const bool joins =
        oid[0] < 2 ? oid[1] < 40 : oid[0] == 2 && oid[1] <= 0xffffffffu - 80;
    if (joins) return absl::OkStatus();
  }
  return absl::OutOfRangeError(
      absl::StrCat(oid.ToString(),
                   " can't be sent: an OID has 2 to 128 arcs, "
                   "of which the first is 0 or 1, with a "
                   "second below 40, or 2"));
}

absl::Status CheckPassPersistValue(const Value& value) {
  return std::visit(ValueCheck(), value);
}

absl::string_view PassPersistType(const Value& value) {
  return std::visit(TypeWord(), value);
}

void AppendPassPersistText(const Value& value, std::string* out) {
  std::visit(ValueText{out}, value);
}

char* WritePassPersistNumber(const Value& value, char* to) {
  return std::visit(NumberLines{to}, value);
}

ErrorStatus ParsePassPersistSet(absl::string_view line, Value* value) {
  line = absl::StripAsciiWhitespace(line);
  const absl::string_view word = line.substr(0, line.find_first_of(" \t"));
  absl::string_view text =
      absl::StripLeadingAsciiWhitespace(line.substr(word.size()));
  for (const SetType& type : kSetTypes) {
    if (!absl::EqualsIgnoreCase(word, type.word)) continue;
    if (absl::ConsumePrefix(&text, "\"") && !absl::ConsumeSuffix(&text, "\"")) {
      return ErrorStatus::kWrongLength;
    }
    return type.parse(text, value);
  }
  return ErrorStatus::kWrongType;
}

absl::string_view PassPersistSetReply(ErrorStatus error) {
  switch (error) {
    case ErrorStatus::kNoError:
      return "DONE";
    case ErrorStatus::kTooBig:
      return "too-big";
    case ErrorStatus::kNoSuchName:
      return "no-such-name";
    case ErrorStatus::kBadValue:
      return "bad-value";
    case ErrorStatus::kReadOnly:
      return "read-only";
    case ErrorStatus::kGenErr:
      return "gen-error";
    case ErrorStatus::kNoAccess:
      return "no-access";
    case ErrorStatus::kWrongType:
      return "wrong-type";
    case ErrorStatus::kWrongLength:
      return "wrong-length";
    case ErrorStatus::kWrongEncoding:
      return "wrong-encoding";
    case ErrorStatus::kWrongValue:
      return "wrong-value";
    case ErrorStatus::kNoCreation:
      return "no-creation";
    case ErrorStatus::kInconsistentValue:
      return "inconsistent-value";
    case ErrorStatus::kResourceUnavailable:
      return "resource-unavailable";
    case ErrorStatus::kCommitFailed:
      return "commit-failed";
    case ErrorStatus::kUndoFailed:
      return "undo-failed";
    case ErrorStatus::kAuthorizationError:
      return "authorization-error";
    case ErrorStatus::kNotWritable:
      return "not-writable";
    case ErrorStatus::kInconsistentName:
      return "inconsistent-name";
  }
  // A number that is not an ErrorStatus. snmpd would take an unknown word for
  // success.
  return "gen-error";
}

}  // namespace passpersist
