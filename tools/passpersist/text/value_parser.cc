// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/value_parser.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "passpersist/oid.h"
#include "tools/passpersist/text/printable.h"

namespace passpersist::tool {
namespace {

constexpr size_t kMaxBit = 8 * 65535 - 1;  // in the longest octet string

absl::Status IsNotA(absl::string_view text, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat(Quoted(text), " is not a ", what));
}

template <typename Number>
absl::StatusOr<Number> ParseInteger(absl::string_view text) {
  Number number = 0;
  if (absl::SimpleAtoi(text, &number)) return number;
  return IsNotA(text,
                absl::StrCat("number from ", std::numeric_limits<Number>::min(),
                             " to ", std::numeric_limits<Number>::max()));
}

// A value of type T that holds a number.
template <typename T>
absl::StatusOr<Value> ParseNumber(absl::string_view text) {
  const auto number = ParseInteger<decltype(T::value)>(text);
  if (!number.ok()) return number.status();
  return Value(T{*number});
}

template <typename Number, Opaque (*kWrap)(Number)>
absl::StatusOr<Value> ParseWrapped(absl::string_view text) {
  const absl::StatusOr<Number> number = ParseInteger<Number>(text);
  if (!number.ok()) return number.status();
  return Value(kWrap(*number));
}

absl::StatusOr<Value> ParseFloat(absl::string_view text) {
  float number = 0;
  if (!absl::SimpleAtof(text, &number)) return IsNotA(text, "number");
  return Value(Opaque::FromFloat(number));
}

absl::StatusOr<Value> ParseDouble(absl::string_view text) {
  double number = 0;
  if (!absl::SimpleAtod(text, &number)) return IsNotA(text, "number");
  return Value(Opaque::FromDouble(number));
}

absl::StatusOr<Value> ParseIpAddress(absl::string_view text) {
  const absl::StatusOr<IpAddress> address = IpAddress::Parse(text);
  if (!address.ok()) return address.status();
  return Value(*address);
}

absl::StatusOr<Value> ParseObjectIdentifier(absl::string_view text) {
  absl::StatusOr<Oid> oid = Oid::Parse(text);
  if (!oid.ok()) return oid.status();
  return Value(ObjectIdentifier{*std::move(oid)});
}

absl::StatusOr<Value> ParseString(absl::string_view text) {
  return Value(OctetString{std::string(text)});
}

absl::StatusOr<Value> ParseHex(absl::string_view text) {
  absl::StatusOr<OctetString> bytes = OctetString::FromHex(text);
  if (!bytes.ok()) return bytes.status();
  return Value(*std::move(bytes));
}

absl::StatusOr<Value> ParseDecimal(absl::string_view text) {
  std::string bytes;
  for (const absl::string_view byte :
       absl::StrSplit(text, absl::ByAnyChar(" .:"), absl::SkipEmpty())) {
    const absl::StatusOr<uint32_t> number = ParseInteger<uint32_t>(byte);
    if (!number.ok() || *number > 255) {
      return IsNotA(text, "list of numbers from 0 to 255");
    }
    bytes.push_back(static_cast<char>(*number));
  }
  return Value(OctetString{std::move(bytes)});
}

// Bits have the order of OctetString::FromBits().
absl::StatusOr<Value> ParseBits(absl::string_view text) {
  std::string bytes;
  for (const absl::string_view bit :
       absl::StrSplit(text, absl::ByAnyChar(" ,"), absl::SkipEmpty())) {
    const absl::StatusOr<uint32_t> number = ParseInteger<uint32_t>(bit);
    if (!number.ok() || *number > kMaxBit) {
      return IsNotA(text, "list of bit numbers");
    }
    if (bytes.size() <= *number / 8) bytes.resize(*number / 8 + 1, '\0');
    char& byte = bytes[*number / 8];
    byte = static_cast<char>(byte | (0x80 >> (*number % 8)));
  }
  return Value(OctetString{std::move(bytes)});
}

struct Parser {
  absl::string_view letter;
  absl::string_view word;
  absl::StatusOr<Value> (*parse)(absl::string_view text);
};

constexpr Parser kParsers[] = {
    {"i", "integer", ParseNumber<Integer32>},
    {"u", "unsigned", ParseNumber<Gauge32>},
    {"", "gauge", ParseNumber<Gauge32>},
    {"c", "counter", ParseNumber<Counter32>},
    {"C", "counter64", ParseNumber<Counter64>},
    {"t", "timeticks", ParseNumber<TimeTicks>},
    {"a", "ipaddress", ParseIpAddress},
    {"o", "oid", ParseObjectIdentifier},
    {"", "objectid", ParseObjectIdentifier},
    {"s", "string", ParseString},
    {"x", "hex", ParseHex},
    {"", "octet", ParseHex},
    {"d", "decimal", ParseDecimal},
    {"b", "bits", ParseBits},
    {"F", "float", ParseFloat},
    {"D", "double", ParseDouble},
    {"I", "int64", ParseWrapped<int64_t, Opaque::FromInteger64>},
    {"U", "uint64", ParseWrapped<uint64_t, Opaque::FromUnsigned64>},
};

}  // namespace

absl::StatusOr<Value> ParseValue(absl::string_view type,
                                 absl::string_view text) {
  const std::string word = absl::AsciiStrToLower(type);
  for (const Parser& parser : kParsers) {
    // The case of letters matters: "c" is a Counter32, "C" a Counter64.
    if (!type.empty() && (type == parser.letter || word == parser.word)) {
      return parser.parse(text);
    }
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "unknown type ", Quoted(type),
      ": i(nteger), u(nsigned), c(ounter), C (counter64), t(imeticks), "
      "a (ipaddress), o(id), s(tring), x (hex), d(ecimal), b(its), F(loat), "
      "D(ouble), I(nt64), U (uint64)"));
}

}  // namespace passpersist::tool
