// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_set.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "transport/pass_persist/pass_persist_value.h"

namespace passpersist {
namespace {

// SNMP_MAXBUF and STRMAX, less the NUL.
constexpr size_t kMaxSetLine = 4095;
constexpr size_t kMaxSetMessageUpTo57 = 1023;

// The number of bytes of a string that 5.9.3 examines.
constexpr size_t kMaxPrintable = 4095;

bool IsPrintable(absl::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) {
    return absl::ascii_isprint(static_cast<unsigned char>(byte));
  });
}

std::string Hex(absl::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    absl::StrAppend(
        &text, text.empty() ? "" : " ",
        absl::Hex(static_cast<unsigned char>(byte), absl::kZeroPad2));
  }
  return text;
}

struct SetText {
  using Text = absl::StatusOr<std::string>;

  Text operator()(const Integer32& v) { return Number("integer", v.value); }
  Text operator()(const Counter32& v) { return Number("counter", v.value); }
  Text operator()(const Gauge32& v) { return Number("gauge", v.value); }
  Text operator()(const TimeTicks& v) { return Number("timeticks", v.value); }
  Text operator()(const IpAddress& v) {
    std::string text = "ipaddress ";
    AppendPassPersistText(v, &text);
    return text;
  }
  Text operator()(const ObjectIdentifier& v) {
    return absl::StrCat("objectid \"", v.value.ToString(), "\"");
  }
  Text operator()(const OctetString& v) {
    if (!IsPrintable(v.bytes)) {
      return absl::StrCat("octet \"", Hex(v.bytes), "\"");
    }
    return absl::StrCat(v.bytes.size() > kMaxPrintable ? "octet" : "string",
                        " \"", v.bytes, "\"");
  }
  template <typename Type>
  Text operator()(const Type& v) {
    return absl::InvalidArgumentError(absl::StrCat(
        "snmpd has no text for a set of type ", TypeName(Value(v))));
  }

  // snmpd prints all numbers by "%d".
  template <typename Integer>
  static std::string Number(absl::string_view word, Integer number) {
    return absl::StrCat(word, " ", static_cast<int32_t>(number));
  }
};

}  // namespace

absl::string_view ReleasesWith(SetEnding ending) {
  switch (ending) {
    case SetEnding::kNewlineUpTo57:
      return "5.4 to 5.7.3";
    case SetEnding::kTwoNewlines593:
      return "5.8 to 5.9.3";
    case SetEnding::kNewlineUnlessCut:
      return "5.9.4 to 5.9.5.2";
    case SetEnding::kNone510:
      return "5.10";
  }
  return "";
}

absl::StatusOr<std::string> PassPersistSetText(const Value& value) {
  return std::visit(SetText(), value);
}

std::string PassPersistSetMessage(absl::string_view name,
                                  absl::string_view text, SetEnding ending) {
  std::string line(text);
  if (ending != SetEnding::kNone510) line.push_back('\n');
  if (ending == SetEnding::kNewlineUpTo57) {
    std::string message = absl::StrCat("set\n", name, "\n", line);
    if (message.size() > kMaxSetMessageUpTo57) {
      message.resize(kMaxSetMessageUpTo57);
      message.back() = '\n';
    }
    return message;
  }
  if (line.size() > kMaxSetLine) line.resize(kMaxSetLine);
  return absl::StrCat("set\n", name, "\n", line,
                      ending == SetEnding::kTwoNewlines593 ? "\n" : "");
}

}  // namespace passpersist
