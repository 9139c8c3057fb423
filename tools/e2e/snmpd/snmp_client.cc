// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/snmp_client.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/value.h"
#include "tools/e2e/snmpd/find_program.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Subprocess;

constexpr absl::string_view kTools[] = {
    "snmpget", "snmpgetnext",  "snmpbulkget", "snmpwalk",
    "snmpset", "snmpbulkwalk", "snmptable"};

// ".1.3.6.1 = …"
bool BeginsBinding(absl::string_view line) {
  const size_t name_end = line.find_first_not_of(".0123456789");
  return absl::StartsWith(line, ".") && name_end != absl::string_view::npos &&
         absl::StartsWith(line.substr(name_end), " = ");
}

// "Reason: wrongType (The set datatype …" for SNMPv2c, "Reason: (noSuchName)
// There is no …" for SNMPv1.
std::string ParseReason(absl::string_view line) {
  absl::ConsumePrefix(&line, "(");
  return std::string(line.substr(0, line.find_first_of(" )")));
}

// Parses what -Ox prints for a string: "1.0 = Hex-STRING: 61 62", or "1.0 = """
// for an empty string.
std::optional<std::pair<std::string, std::string>> ParseBytes(
    absl::string_view binding) {
  const std::pair<std::string, absl::string_view> parts =
      absl::StrSplit(binding, absl::MaxSplits(" = ", 1));
  if (parts.second == "\"\"") return std::make_pair(parts.first, "");
  absl::string_view hex = parts.second;
  if (!absl::ConsumePrefix(&hex, "Hex-STRING: ")) return std::nullopt;
  const absl::StatusOr<passpersist::OctetString> bytes =
      passpersist::OctetString::FromHex(
          absl::StrReplaceAll(hex, {{" ", ""}, {"\n", ""}}));
  if (!bytes.ok()) return std::nullopt;
  return std::make_pair(parts.first, bytes->bytes);
}

SnmpClient::Strings ParseStrings(const SnmpResult& result) {
  SnmpClient::Strings strings;
  for (const std::string& binding : result.bindings) {
    auto parsed = ParseBytes(binding);
    if (parsed) strings.push_back(*std::move(parsed));
  }
  return strings;
}

}  // namespace

std::ostream& operator<<(std::ostream& os, const SnmpResult& result) {
  return os << absl::StrJoin(result.bindings, "\n") << "\n"
            << result.diagnostics << "exit status " << result.exit_status;
}

absl::StatusOr<SnmpClient> SnmpClient::Create(Options options) {
  for (const absl::string_view tool : kTools) {
    const absl::StatusOr<std::string> found = FindProgram(tool, "snmp");
    if (!found.ok()) return found.status();
  }
  return SnmpClient(std::move(options));
}

SnmpClient::SnmpClient(Options options) : options_(std::move(options)) {}

SnmpClient SnmpClient::V1() const {
  SnmpClient client = *this;
  client.version_ = "1";
  return client;
}

SnmpResult SnmpClient::Get(const std::vector<std::string>& names) const {
  return Run("snmpget", {}, names);
}

SnmpResult SnmpClient::GetNext(const std::vector<std::string>& names) const {
  return Run("snmpgetnext", {}, names);
}

SnmpResult SnmpClient::BulkGet(int non_repeaters, int max_repetitions,
                               const std::vector<std::string>& names) const {
  return Run("snmpbulkget",
             {absl::StrCat("-Cn", non_repeaters),
              absl::StrCat("-Cr", max_repetitions)},
             names);
}

SnmpResult SnmpClient::Set(
    const std::vector<SnmpAssignment>& assignments) const {
  std::vector<std::string> arguments;
  for (const SnmpAssignment& assignment : assignments) {
    arguments.push_back(AbsoluteName(assignment.name));
    arguments.push_back(assignment.type);
    arguments.push_back(assignment.value);
  }
  return Run("snmpset", {}, arguments);
}

SnmpResult SnmpClient::Set(const std::string& name, const std::string& type,
                           const std::string& value) const {
  return Set({{name, type, value}});
}

SnmpResult SnmpClient::Walk(const std::string& name) const {
  return Finish(StartWalk(name));
}

SnmpResult SnmpClient::BulkWalk(const std::string& name,
                                int max_repetitions) const {
  return Run("snmpbulkwalk", {absl::StrCat("-Cr", max_repetitions)}, {name});
}

std::vector<std::vector<std::string>> SnmpClient::Table(
    const std::string& name) const {
  // A tab, since a value may have blanks.
  const SnmpResult result = Run("snmptable", {"-Ci", "-Cf", "\t"}, {name});
  EXPECT_EQ(result.exit_status, 0) << result;
  std::vector<std::vector<std::string>> rows;
  for (const absl::string_view line :
       absl::StrSplit(result.output, '\n', absl::SkipEmpty())) {
    if (absl::StartsWith(line, "SNMP table: ")) continue;
    rows.push_back(absl::StrSplit(line, '\t'));
  }
  return rows;
}

std::unique_ptr<Subprocess> SnmpClient::StartWalk(
    const std::string& name) const {
  // -CI: otherwise an empty walk ends with a get of its root.
  return Start("snmpwalk", {"-CI"}, {name}, kTimeout);
}

SnmpResult SnmpClient::Finish(std::unique_ptr<Subprocess> walk) const {
  SnmpResult result;
  const std::optional<int> exit_status = walk->Wait(absl::InfiniteDuration());
  result.exit_status = exit_status.value_or(-1);
  result.output = walk->standard_output();
  result.bindings = ParseBindings(result.output);
  result.diagnostics = walk->standard_error();
  for (absl::string_view line : absl::StrSplit(result.diagnostics, '\n')) {
    if (absl::ConsumePrefix(&line, "Reason: ")) {
      result.error = ParseReason(line);
    } else if (absl::ConsumePrefix(&line, "Failed object: ")) {
      result.failed_object = std::string(ShortName(line));
    }
  }
  return result;
}

std::optional<std::string> SnmpClient::GetBytes(const std::string& name) const {
  const Strings strings = ParseStrings(Run("snmpget", {"-Ox"}, {name}));
  if (strings.empty()) return std::nullopt;
  return strings[0].second;
}

SnmpClient::Strings SnmpClient::WalkBytes(const std::string& name) const {
  return ParseStrings(Run("snmpwalk", {"-CI", "-Ox"}, {name}));
}

SnmpClient::Strings SnmpClient::BulkWalkBytes(const std::string& name) const {
  return ParseStrings(Run("snmpbulkwalk", {"-Ox"}, {name}));
}

bool SnmpClient::IsAnswered(absl::Duration limit) const {
  constexpr char kSysUpTime[] = ".1.3.6.1.2.1.1.3.0";
  return Start("snmpget", {}, {kSysUpTime}, limit)
             ->Wait(absl::InfiniteDuration()) == 0;
}

// The tools end by themselves: they wait no longer than `limit` for an answer.
std::unique_ptr<Subprocess> SnmpClient::Start(
    const std::string& tool, const std::vector<std::string>& options,
    const std::vector<std::string>& names, absl::Duration limit) const {
  Subprocess::Options start;
  start.command = {*FindProgram(tool, "snmp"),
                   absl::StrCat("-v", version_),
                   "-c",
                   options_.community,
                   "-r0",
                   absl::StrCat("-t", absl::ToDoubleSeconds(limit))};
  // snmptable finds the columns by the names of the objects.
  if (tool != "snmptable") start.command.push_back("-On");
  start.command.insert(start.command.end(), options.begin(), options.end());
  start.command.push_back(absl::StrCat("127.0.0.1:", options_.port));
  const bool is_set = tool == "snmpset";
  for (const std::string& name : names) {
    start.command.push_back(is_set ? name : AbsoluteName(name));
  }
  start.environment = {
      absl::StrCat("MIBS=", absl::StrJoin(options_.mib_modules, ":")),
      "LC_ALL=C", absl::StrCat("SNMPCONFPATH=", options_.directory)};
  if (!options_.mib_directories.empty()) {
    start.environment.push_back(absl::StrCat(
        "MIBDIRS=+", absl::StrJoin(options_.mib_directories, ":")));
  }
  return *Subprocess::Start(start);
}

SnmpResult SnmpClient::Run(const std::string& tool,
                           const std::vector<std::string>& options,
                           const std::vector<std::string>& names) const {
  return Finish(Start(tool, options, names, kTimeout));
}

std::string SnmpClient::AbsoluteName(const std::string& name) const {
  if (name.empty()) return options_.base.empty() ? "." : options_.base;
  if (!absl::ascii_isdigit(name[0])) return name;
  return absl::StrCat(options_.base, ".", name);
}

absl::string_view SnmpClient::ShortName(absl::string_view name) const {
  if (options_.base.empty()) return name;
  return absl::StripPrefix(name, absl::StrCat(options_.base, "."));
}

// The tools may print a value in several lines.
std::vector<std::string> SnmpClient::ParseBindings(
    absl::string_view output) const {
  std::vector<std::string> bindings;
  for (absl::string_view line : absl::StrSplit(output, '\n')) {
    if (BeginsBinding(line)) {
      bindings.emplace_back(ShortName(line));
    } else if (!bindings.empty()) {
      absl::StrAppend(&bindings.back(), "\n", line);
    }
  }
  for (std::string& binding : bindings) {
    absl::StripTrailingAsciiWhitespace(&binding);
  }
  return bindings;
}

}  // namespace passpersist_testing
