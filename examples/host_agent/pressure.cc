// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/pressure.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "examples/host_agent/kernel_files.h"
#include "passpersist/table_builder.h"

using namespace passpersist;  // NOLINT: an example

namespace host_agent {
namespace {

// In the order of the MIB's numbers, which begin with 1.
constexpr const char* kResources[] = {"cpu", "memory", "io", "irq"};

// Parses "3.05" as 305: the kernel always prints percents with two decimals.
bool ParseHundredths(absl::string_view text, uint32_t* hundredths) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('.', 1));
  return parts.second.size() == 2 &&
         absl::SimpleAtoi(absl::StrCat(parts.first, parts.second), hundredths);
}

class Pressure {
 public:
  explicit Pressure(const std::string& proc)
      : directory_(absl::StrCat(proc, "/pressure/")) {}

  absl::Status operator()(Contents& contents) {
    absl::Status status;
    uint32_t resource = 0;
    for (const char* const name : kResources) {
      status.Update(AddResource(++resource, absl::StrCat(directory_, name)));
    }
    contents.PutTable({1, 1}, table_);  // empties table_, also after an error
    return status;
  }

 private:
  absl::Status AddResource(uint32_t resource, const std::string& file) {
    const absl::StatusOr<std::string> text = ReadKernelFile(file);
    // With psi=0 the files exist, but reading them returns EOPNOTSUPP.
    if (absl::IsNotFound(text.status()) ||
        absl::IsUnimplemented(text.status())) {
      return absl::OkStatus();
    }
    if (!text.ok()) return text.status();
    for (absl::string_view line :
         absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
      if (!AddLine(resource, line)) return UnexpectedText(file, line);
    }
    return absl::OkStatus();
  }

  // "some avg10=3.05 avg60=11.73 avg300=20.58 total=11805571620"
  bool AddLine(uint32_t resource, absl::string_view line) {
    const uint32_t kind = absl::ConsumePrefix(&line, "some avg10=")   ? 1
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
    uint32_t avg10, avg60, avg300;
    uint64_t total;
    if (kind == 0 || !ParseHundredths(values[0], &avg10) ||
        !ParseHundredths(values[1], &avg60) ||
        !ParseHundredths(values[2], &avg300) ||
        !absl::SimpleAtoi(values[3], &total)) {
      return false;
    }
    table_.AddRow({resource, kind})
        .Set(avg10_, Gauge32{avg10})
        .Set(avg60_, Gauge32{avg60})
        .Set(avg300_, Gauge32{avg300})
        .Set(total_, Counter64{total});
    return true;
  }

  std::string directory_;
  TableBuilder table_;
  TableBuilder::Column<Gauge32> avg10_ = table_.AddColumn<Gauge32>(3);
  TableBuilder::Column<Gauge32> avg60_ = table_.AddColumn<Gauge32>(4);
  TableBuilder::Column<Gauge32> avg300_ = table_.AddColumn<Gauge32>(5);
  TableBuilder::Column<Counter64> total_ = table_.AddColumn<Counter64>(6);
};

}  // namespace

void AddPressure(AgentBuilder& builder, const std::string& proc) {
  builder.AddSubtree(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.10.1.3"),
                     absl::Seconds(2), Pressure(proc));
}

}  // namespace host_agent
