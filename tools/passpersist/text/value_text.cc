// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/value_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "tools/passpersist/text/printable.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {
namespace {

// "01 0A FF"
std::string HexText(absl::string_view bytes) {
  return absl::StrJoin(bytes, " ", [](std::string* out, char byte) {
    absl::StrAppendFormat(out, "%02X", static_cast<uint8_t>(byte));
  });
}

// White space is text too, since text may have several lines.
bool IsText(absl::string_view bytes) {
  std::string visible(bytes);
  visible.erase(
      std::remove_if(visible.begin(), visible.end(),
                     [](char byte) { return absl::ascii_isspace(byte); }),
      visible.end());
  return IsPrintable(visible);
}

// The shortest text that parses to the same number.
template <typename Float>
std::string FloatText(Float number) {
  char text[64];
  return std::string(text,
                     std::to_chars(text, text + sizeof(text), number).ptr);
}

std::string TicksText(uint32_t ticks) {
  const uint32_t seconds = ticks / 100;
  const uint32_t days = seconds / 86400;
  const std::string date = days == 0   ? ""
                           : days == 1 ? "1 day, "
                                       : absl::StrCat(days, " days, ");
  return absl::StrFormat("(%d) %s%d:%02d:%02d.%02d", ticks, date,
                         seconds / 3600 % 24, seconds / 60 % 60, seconds % 60,
                         ticks % 100);
}

ValueText OpaqueText(const Opaque& opaque) {
  if (const auto number = opaque.AsFloat()) {
    return {"Opaque: Float", FloatText(*number)};
  }
  if (const auto number = opaque.AsDouble()) {
    return {"Opaque: Float", FloatText(*number)};
  }
  if (const auto number = opaque.AsInteger64()) {
    return {"Opaque: Int64", absl::StrCat(*number)};
  }
  if (const auto number = opaque.AsUnsigned64()) {
    return {"Opaque: UInt64", absl::StrCat(*number)};
  }
  return {"OPAQUE", HexText(opaque.bytes)};
}

struct Visitor {
  ValueText operator()(Integer32 v) const {
    return {"INTEGER", absl::StrCat(v.value)};
  }
  ValueText operator()(Counter32 v) const {
    return {"Counter32", absl::StrCat(v.value)};
  }
  ValueText operator()(Counter64 v) const {
    return {"Counter64", absl::StrCat(v.value)};
  }
  ValueText operator()(Gauge32 v) const {
    return {"Gauge32", absl::StrCat(v.value)};
  }
  ValueText operator()(TimeTicks v) const {
    return {"Timeticks", TicksText(v.value)};
  }
  ValueText operator()(const IpAddress& v) const {
    return {"IpAddress", absl::StrJoin(v.octets, ".")};
  }
  ValueText operator()(const ObjectIdentifier& v) const {
    return {"OID", v.value.ToString()};
  }
  ValueText operator()(const OctetString& v) const {
    if (IsText(v.bytes)) return {"STRING", Quoted(v.bytes)};
    return {"Hex-STRING", HexText(v.bytes)};
  }
  ValueText operator()(const Opaque& v) const { return OpaqueText(v); }
};

// Net-SNMP's sentences.
ValueText TextOf(Exception exception) {
  switch (exception) {
    case Exception::kNoSuchObject:
      return {"", "No Such Object available on this agent at this OID"};
    case Exception::kNoSuchInstance:
      return {"", "No Such Instance currently exists at this OID"};
    case Exception::kEndOfMibView:
      break;
  }
  return {"",
          "No more variables left in this MIB View (It is past the end of "
          "the MIB tree)"};
}

}  // namespace

std::string ValueText::ToString() const {
  // Net-SNMP prints the empty string without its type.
  if (type.empty() || text == "\"\"") return text;
  return absl::StrCat(type, ": ", text);
}

ValueText TextOf(const ValueOrException& value) {
  if (const Value* const present = std::get_if<Value>(&value)) {
    return std::visit(Visitor(), *present);
  }
  return TextOf(std::get<Exception>(value));
}

ValueText TextOf(const debug::VarBind& binding) {
  if (binding.value_case() == debug::VarBind::VALUE_NOT_SET) {
    return {"", "(no value)"};
  }
  ResponseVarBind parsed;
  const absl::Status status = FromProto(binding, &parsed);
  if (!status.ok()) {
    return {"", absl::StrCat("(", Printable(status.message()), ")")};
  }
  return TextOf(parsed.value);
}

std::string BindingText(const debug::VarBind& binding) {
  return absl::StrCat(Printable(binding.oid()), " = ",
                      TextOf(binding).ToString());
}

}  // namespace passpersist::tool
