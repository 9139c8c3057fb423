// SPDX-License-Identifier: Apache-2.0

#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "tools/passpersist/check/checks.h"
#include "transport/pass_persist/pass_persist_reply.h"
#include "transport/pass_persist/pass_persist_value.h"

namespace passpersist::tool {
namespace {

using Severity = Finding::Severity;

struct Problem {
  absl::string_view id;
  absl::string_view what;
  absl::string_view consequence;
  Severity severity = Severity::kError;
  bool ends_walk = false;
};

using MaybeProblem = std::optional<Problem>;

// Checks for an optional sign and digits, and for a range of -`min` to `max`.
MaybeProblem CheckNumber(absl::string_view text, absl::uint128 min,
                         absl::uint128 max) {
  text = absl::StripAsciiWhitespace(text);
  const bool negative = absl::ConsumePrefix(&text, "-");
  if (!negative) absl::ConsumePrefix(&text, "+");
  if (text.empty() ||
      text.find_first_not_of("0123456789") != absl::string_view::npos) {
    return Problem{"number", "not a number",
                   "snmpd reads the leading digits with strtol(), and sends "
                   "another number, or 0 (ucd-snmp/pass_common.c, "
                   "netsnmp_internal_pass_parse())"};
  }
  absl::uint128 number = 0;
  if (absl::SimpleAtoi(text, &number) && number <= (negative ? min : max)) {
    return std::nullopt;
  }
  return Problem{"range", "a number that doesn't fit the type",
                 "snmpd wraps the number, or sends an illegal INTEGER of five "
                 "bytes "
                 "(ucd-snmp/pass_common.c, netsnmp_internal_pass_parse())"};
}

MaybeProblem CheckInteger64(absl::string_view text) {
  const absl::uint128 max = std::numeric_limits<int64_t>::max();
  return CheckNumber(text, max + 1, max);
}

MaybeProblem CheckInteger(absl::string_view text) {
  const absl::uint128 max = std::numeric_limits<int32_t>::max();
  return CheckNumber(text, max + 1, max);
}

MaybeProblem CheckUnsigned(absl::string_view text) {
  return CheckNumber(text, 0, std::numeric_limits<uint32_t>::max());
}

MaybeProblem CheckCounter64(absl::string_view text) {
  return CheckNumber(text, 0, std::numeric_limits<uint64_t>::max());
}

// Removes what parse_miboid() skips: blanks and a dot after the arcs. It does
// not skip a blank before them.
absl::string_view WithoutEnd(absl::string_view text) {
  text = absl::StripTrailingAsciiWhitespace(text);
  absl::ConsumeSuffix(&text, ".");
  return text;
}

MaybeProblem CheckIpAddress(absl::string_view text) {
  text = WithoutEnd(text);
  absl::ConsumePrefix(&text, ".");
  if (IpAddress::Parse(text).ok()) return std::nullopt;
  return Problem{
      "ipaddress", "not an IPv4 address",
      "snmpd drops a value without four numbers, which ends a walk, and takes "
      "numbers modulo 256 (ucd-snmp/pass_common.c, "
      "netsnmp_internal_pass_parse())",
      Severity::kError, /*ends_walk=*/true};
}

MaybeProblem CheckObjectId(absl::string_view text) {
  const absl::StatusOr<Oid> oid = Oid::Parse(WithoutEnd(text));
  if (oid.ok() && CheckPassPersistOid(*oid).ok()) return std::nullopt;
  return Problem{"objectid", "not an OID that can be sent",
                 "snmpd sends .0.0 for a text, a genErr for a whole PDU if the "
                 "first arcs are wrong, and overruns an array at more than 128 "
                 "arcs (util_funcs.c, parse_miboid())"};
}

bool IsOctet(absl::string_view token) {
  if (!absl::ConsumePrefix(&token, "0x")) absl::ConsumePrefix(&token, "0X");
  return !token.empty() && token.size() <= 2 &&
         token.find_first_not_of("0123456789abcdefABCDEF") ==
             absl::string_view::npos;
}

MaybeProblem CheckOctets(absl::string_view text) {
  for (const absl::string_view token :
       absl::StrSplit(text, absl::ByAnyChar(" \t\r"), absl::SkipEmpty())) {
    if (IsOctet(token)) continue;
    return Problem{"octets", "octets not of the form \"de ad be ef\"",
                   "snmpd takes the low eight bits of each hexadecimal number, "
                   "and stops at anything else (ucd-snmp/pass_common.c, "
                   "netsnmp_internal_asc2bin())"};
  }
  return std::nullopt;
}

MaybeProblem CheckText(absl::string_view text) {
  if (!absl::StrContains(text, '\0')) return std::nullopt;
  return Problem{"nul", "a NUL in a STRING",
                 "snmpd cuts the value one character before the NUL, and "
                 "writes before its buffer if the NUL comes first "
                 "(ucd-snmp/pass_common.c); OCTET carries any byte"};
}

MaybeProblem CheckString(absl::string_view text) {
  if (text.empty()) {
    return Problem{"empty-string", "an empty STRING",
                   "snmpd reads one byte before its buffer "
                   "(ucd-snmp/pass_common.c); OCTET with an empty line is safe",
                   Severity::kWarning};
  }
  if (absl::EndsWith(text, "\r")) {
    return Problem{"cr", "a CR at the end of a STRING",
                   "snmpd takes the CR for a part of the line's end and "
                   "removes it (ucd-snmp/pass_common.c, "
                   "netsnmp_internal_pass_parse()); OCTET carries any byte"};
  }
  return CheckText(text);
}

// In the order of ucd-snmp/pass_common.c: the first prefix that matches wins.
struct KnownType {
  absl::string_view prefix;
  MaybeProblem (*check)(absl::string_view text);
};
constexpr KnownType kKnownTypes[] = {
    // If all lines end with CR LF, the CR is not a part of the value.
    {"string\r", CheckText},       {"string", CheckString},
    {"integer64", CheckInteger64}, {"integer", CheckInteger},
    {"unsigned", CheckUnsigned},   {"counter64", CheckCounter64},
    {"counter", CheckUnsigned},    {"octet", CheckOctets},
    {"opaque", CheckOctets},       {"gauge", CheckUnsigned},
    {"objectid", CheckObjectId},   {"timetick", CheckUnsigned},
    {"ipaddress", CheckIpAddress},
};

MaybeProblem CheckReply(const PassPersistReply& reply) {
  for (const std::string* const line :
       {&reply.name, &reply.type, &reply.value}) {
    if (line->size() <= kMaxPassPersistLine) continue;
    return Problem{
        "length", "a line of more than 4094 bytes",
        "snmpd cuts the line, takes the rest for the answer to its next PING, "
        "and then kills the program "
        "(ucd-snmp/pass_persist.c, SNMP_MAXBUF)",
        Severity::kError, /*ends_walk=*/true};
  }
  for (const KnownType& type : kKnownTypes) {
    if (absl::StartsWithIgnoreCase(reply.type, type.prefix)) {
      return type.check(reply.value);
    }
  }
  return Problem{"type", "a type that snmpd doesn't know",
                 "snmpd drops the value, and a walk of this and of all later "
                 "pass_persist lines ends there without an error "
                 "(ucd-snmp/pass_common.c, netsnmp_internal_pass_parse())",
                 Severity::kError, /*ends_walk=*/true};
}

// Reports those problems that end a walk, or the other ones.
void CheckValues(bool ends_walk, Examination& examination) {
  for (const Instance& instance : examination.names().instances) {
    const PassPersistReply& reply = instance.reply;
    const MaybeProblem problem = CheckReply(reply);
    if (!problem || problem->ends_walk != ends_walk) continue;
    examination.Report(
        {problem->severity, std::string(problem->id),
         absl::StrCat(problem->what, " at ", instance.oid.ToString(), ": ",
                      ShownLine(reply.type), " \"", ShownLine(reply.value),
                      "\""),
         absl::StrCat("< ", ShownLine(reply.name), "\n< ",
                      ShownLine(reply.type), "\n< ", ShownLine(reply.value),
                      "\n"),
         std::string(problem->consequence)});
  }
}

}  // namespace

void CheckValues(Examination& examination) {
  CheckValues(/*ends_walk=*/true, examination);
  CheckValues(/*ends_walk=*/false, examination);
}

}  // namespace passpersist::tool
