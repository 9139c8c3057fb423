// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_reply.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "transport/pass_persist/pass_persist_value.h"

namespace passpersist {
namespace {

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::CEscape(text), "\"");
}

// These functions parse numbers with the functions that snmpd calls, to be as
// lenient as snmpd.
template <typename Unsigned>
absl::StatusOr<Value> ReadUnsigned32(const std::string& text) {
  const uint64_t number = std::strtoul(text.c_str(), nullptr, 10);
  return Unsigned{static_cast<uint32_t>(number)};
}

absl::StatusOr<Value> ReadCounter64(const std::string& text) {
  return Counter64{std::strtoull(text.c_str(), nullptr, 10)};
}

absl::StatusOr<Value> ReadInteger64(const std::string& text) {
  return Opaque::FromInteger64(
      static_cast<int64_t>(std::strtoull(text.c_str(), nullptr, 10)));
}

absl::StatusOr<Value> ReadInteger(const std::string& text) {
  int64_t number = std::strtol(text.c_str(), nullptr, 10);
  // snmpd truncates a longer number to 32 bits.
  if (number > std::numeric_limits<uint32_t>::max()) number &= 0xffffffff;
  if (number < std::numeric_limits<int32_t>::min() ||
      number > std::numeric_limits<int32_t>::max()) {
    return absl::OutOfRangeError(absl::StrCat(
        "snmpd encodes an illegal INTEGER of five bytes for ", Quoted(text)));
  }
  return Integer32{static_cast<int32_t>(number)};
}

absl::StatusOr<Value> ReadIpAddress(const std::string& text) {
  const Oid numbers = ReadPassPersistName(text);
  if (numbers.size() != 4) {
    return absl::InvalidArgumentError(
        absl::StrCat("an IPADDRESS has four numbers: ", Quoted(text)));
  }
  IpAddress address;
  uint32_t joined = 0;
  for (const uint32_t number : numbers.arcs()) joined = (joined << 8) + number;
  for (size_t i = 0; i < 4; ++i) {
    address.octets[i] = static_cast<uint8_t>(joined >> (24 - 8 * i));
  }
  return address;
}

absl::StatusOr<Value> ReadObjectId(const std::string& text) {
  Oid oid = ReadPassPersistName(text);
  if (oid.empty()) oid = {0, 0};
  const absl::Status status = CheckPassPersistOid(oid);
  if (!status.ok()) return status;
  return ObjectIdentifier{std::move(oid)};
}

// Reads hexadecimal numbers of any width; each yields its low eight bits.
std::string ReadHex(const std::string& text) {
  std::string bytes;
  const char* rest = text.c_str();
  while (true) {
    char* end = nullptr;
    const auto byte = static_cast<unsigned char>(std::strtol(rest, &end, 16));
    if (end == rest) return bytes;
    bytes.push_back(static_cast<char>(byte));
    rest = end;
  }
}

absl::StatusOr<Value> ReadOctets(const std::string& text) {
  return OctetString{ReadHex(text)};
}

absl::StatusOr<Value> ReadOpaque(const std::string& text) {
  return Opaque{ReadHex(text)};
}

// snmpd removes the last character, which it expects to be the newline, and a
// CR before it. A NUL ends the line for snmpd, so the removed character is the
// one before the NUL.
absl::StatusOr<Value> ReadString(const std::string& text) {
  absl::string_view bytes = text;
  const size_t nul = bytes.find('\0');
  if (nul == 0) {
    return absl::OutOfRangeError(
        "a NUL first in a STRING makes snmpd write before its buffer");
  }
  if (nul != absl::string_view::npos) bytes = bytes.substr(0, nul - 1);
  absl::ConsumeSuffix(&bytes, "\r");
  return OctetString{std::string(bytes)};
}

struct ReplyType {
  absl::string_view prefix;
  absl::StatusOr<Value> (*read)(const std::string& text);
};

// In the order in which snmpd compares: integer64 before integer.
constexpr ReplyType kReplyTypes[] = {
    {"string", ReadString},
    {"integer64", ReadInteger64},
    {"integer", ReadInteger},
    {"unsigned", ReadUnsigned32<Gauge32>},
    {"counter64", ReadCounter64},
    {"counter", ReadUnsigned32<Counter32>},
    {"octet", ReadOctets},
    {"opaque", ReadOpaque},
    {"gauge", ReadUnsigned32<Gauge32>},
    {"objectid", ReadObjectId},
    {"timetick", ReadUnsigned32<TimeTicks>},
    {"ipaddress", ReadIpAddress},
};

constexpr ErrorStatus kAllErrors[] = {
    ErrorStatus::kTooBig,
    ErrorStatus::kNoSuchName,
    ErrorStatus::kBadValue,
    ErrorStatus::kReadOnly,
    ErrorStatus::kGenErr,
    ErrorStatus::kNoAccess,
    ErrorStatus::kWrongType,
    ErrorStatus::kWrongLength,
    ErrorStatus::kWrongEncoding,
    ErrorStatus::kWrongValue,
    ErrorStatus::kNoCreation,
    ErrorStatus::kInconsistentValue,
    ErrorStatus::kResourceUnavailable,
    ErrorStatus::kCommitFailed,
    ErrorStatus::kUndoFailed,
    ErrorStatus::kAuthorizationError,
    ErrorStatus::kNotWritable,
    ErrorStatus::kInconsistentName,
};

}  // namespace

bool PassPersistReply::absent() const { return absl::StartsWith(name, "NONE"); }

Oid ReadPassPersistName(absl::string_view line) {
  Oid oid;
  absl::ConsumePrefix(&line, ".");
  while (!line.empty() && absl::ascii_isdigit(line[0])) {
    size_t digits = 1;
    while (digits < line.size() && absl::ascii_isdigit(line[digits])) ++digits;
    const std::string number(line.substr(0, digits));
    oid.Append(
        static_cast<uint32_t>(std::strtoul(number.c_str(), nullptr, 10)));
    line.remove_prefix(digits);
    absl::ConsumePrefix(&line, ".");
  }
  return oid;
}

absl::StatusOr<ValueOrException> ReadPassPersistValue(absl::string_view type,
                                                      absl::string_view text) {
  for (const ReplyType& known : kReplyTypes) {
    if (!absl::StartsWithIgnoreCase(type, known.prefix)) continue;
    if (text.size() > kMaxPassPersistLine) {
      return absl::OutOfRangeError(
          absl::StrCat("a value of ", text.size(), " bytes: snmpd reads ",
                       kMaxPassPersistLine, " of a line"));
    }
    return known.read(std::string(text));
  }
  return Exception::kNoSuchInstance;
}

absl::StatusOr<ResponseVarBind> ReadPassPersistReply(
    const PassPersistReply& reply) {
  ResponseVarBind binding;
  binding.oid = ReadPassPersistName(reply.name);
  if (binding.oid.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("snmpd cannot read the name ", Quoted(reply.name)));
  }
  if (binding.oid.size() > Oid::kMaxArcs) {
    return absl::OutOfRangeError(
        absl::StrCat("a name of ", binding.oid.size(),
                     " arcs overruns snmpd's array of ", Oid::kMaxArcs));
  }
  absl::StatusOr<ValueOrException> value =
      ReadPassPersistValue(reply.type, reply.value);
  if (!value.ok()) return value.status();
  binding.value = *std::move(value);
  return binding;
}

ErrorStatus ReadPassPersistSetReply(absl::string_view line) {
  for (const ErrorStatus error : kAllErrors) {
    if (absl::StartsWithIgnoreCase(line, PassPersistSetReply(error))) {
      return error;
    }
  }
  return ErrorStatus::kNoError;
}

}  // namespace passpersist
