// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/pressure.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "examples/host_agent/kernel_files.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"

using namespace passpersist;  // NOLINT: an example

namespace host_agent {
namespace {

// In the order of the MIB's numbers, which begin with 1.
constexpr const char* kResources[] = {"cpu", "memory", "io", "irq"};

struct Pressure {
  uint32_t resource = 0;
  uint32_t kind = 0;   // 1 some, 2 full
  uint32_t avg10 = 0;  // averages in hundredths of a percent
  uint32_t avg60 = 0;
  uint32_t avg300 = 0;
  uint64_t total = 0;  // in microseconds
};

const auto kPressures = Table<Pressure>({1})
                            .Index(&Pressure::resource, &Pressure::kind)
                            .Column(3, &Pressure::avg10)
                            .Column(4, &Pressure::avg60)
                            .Column(5, &Pressure::avg300)
                            .Column(6, Counter64Of(&Pressure::total));

// Parses "3.05" as 305: the kernel always prints percents with two decimals.
bool ParseHundredths(absl::string_view text, uint32_t* hundredths) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('.', 1));
  return parts.second.size() == 2 &&
         absl::SimpleAtoi(absl::StrCat(parts.first, parts.second), hundredths);
}

// "some avg10=3.05 avg60=11.73 avg300=20.58 total=11805571620"
bool ParseLine(absl::string_view line, Pressure* pressure) {
  pressure->kind = absl::ConsumePrefix(&line, "some avg10=")   ? 1
                   : absl::ConsumePrefix(&line, "full avg10=") ? 2
                                                               : 0;
  const std::array<absl::string_view, 3> names = {
      " avg60=", " avg300=", " total="};
  std::array<absl::string_view, 4> values;
  for (size_t i = 0; i < names.size(); ++i) {
    const size_t end = line.find(names[i]);
    if (end == absl::string_view::npos) return false;
    values[i] = line.substr(0, end);
    line.remove_prefix(end + names[i].size());
  }
  values[3] = line;
  return pressure->kind != 0 && ParseHundredths(values[0], &pressure->avg10) &&
         ParseHundredths(values[1], &pressure->avg60) &&
         ParseHundredths(values[2], &pressure->avg300) &&
         absl::SimpleAtoi(values[3], &pressure->total);
}

absl::Status ReadResource(uint32_t resource, const std::string& file,
                          std::vector<Pressure>& rows) {
  const absl::StatusOr<std::string> text = ReadKernelFile(file);
  // With psi=0 the files exist, but reading them returns EOPNOTSUPP.
  if (absl::IsNotFound(text.status()) || absl::IsUnimplemented(text.status())) {
    return absl::OkStatus();
  }
  if (!text.ok()) return text.status();
  for (absl::string_view line :
       absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
    Pressure& row = rows.emplace_back();
    row.resource = resource;
    if (!ParseLine(line, &row)) return UnexpectedText(file, line);
  }
  return absl::OkStatus();
}

absl::Status ReadPressures(const std::string& directory,
                           std::vector<Pressure>& rows) {
  absl::Status status;
  uint32_t resource = 0;
  for (const char* const name : kResources) {
    status.Update(ReadResource(++resource, directory + name, rows));
  }
  return status;
}

}  // namespace

void AddPressure(AgentBuilder& builder, const std::string& proc) {
  builder.AddTable(
      Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.10.1.3"), absl::Seconds(2),
      kPressures,
      [directory = proc + "/pressure/"](std::vector<Pressure>& rows) {
        return ReadPressures(directory, rows);
      });
}

}  // namespace host_agent
