// SPDX-License-Identifier: Apache-2.0
//
// Shows an update of Contents and a TableBuilder: one reading of all processes
// fills two tables. AddTable() would read them for each table.

#include "examples/host_agent/processes.h"

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "examples/host_agent/kernel_files.h"
#include "examples/host_agent/process_stat.h"
#include "passpersist/table_builder.h"

using namespace passpersist;  // NOLINT: an example

namespace host_agent {
namespace {

// The letters of proc(5) in the order of the MIB's numbers, which begin with 1.
// Every other letter, such as 'X', is the MIB's last state, other(8).
constexpr absl::string_view kStates = "RSDTtZI";

struct Total {
  uint64_t processes = 0;
  uint64_t threads = 0;
  uint64_t resident_pages = 0;
};

class Processes {
 public:
  explicit Processes(const std::string& proc) : directory_(proc) {}

  absl::Status operator()(Contents& contents) {
    const absl::StatusOr<std::vector<std::string>> names =
        ListKernelDirectory(directory_);
    if (!names.ok()) return names.status();
    std::vector<uint32_t> states(kStates.size() + 1);
    std::map<std::string, Total> totals;
    for (const std::string& name : *names) {
      if (!absl::ascii_isdigit(static_cast<unsigned char>(name[0]))) continue;
      const std::string file = absl::StrCat(directory_, "/", name, "/stat");
      const absl::StatusOr<std::string> line = ReadKernelFile(file);
      if (absl::IsNotFound(line.status())) continue;
      if (!line.ok()) return line.status();
      const std::optional<ProcessStat> stat = ProcessStat::Parse(*line);
      if (!stat) return UnexpectedText(file, *line);
      const size_t position = kStates.find(stat->state);
      ++states[position == kStates.npos ? kStates.size() : position];
      if (stat->is_kernel_thread) continue;
      Total& total = totals[stat->name];
      ++total.processes;
      total.threads += stat->threads;
      total.resident_pages += stat->resident_pages;
    }
    PutStates(states, contents);
    PutNames(totals, contents);
    return absl::OkStatus();
  }

 private:
  static void PutStates(const std::vector<uint32_t>& states,
                        Contents& contents) {
    for (uint32_t i = 0; i < states.size(); ++i) {
      contents.Put({1, 1, 2, i + 1}, Gauge32{states[i]}, kStates.substr(i, 1));
    }
  }

  void PutNames(const std::map<std::string, Total>& totals,
                Contents& contents) {
    for (const auto& [name, total] : totals) {
      names_.AddRow(EncodeString(name))
          .Set(processes_, Gauge32::FromNumberSaturated(total.processes))
          .Set(threads_, Gauge32::FromNumberSaturated(total.threads))
          .Set(resident_,
               Gauge32::FromNumberSaturated(total.resident_pages * page_kib_));
    }
    contents.PutTable({2, 1}, names_);
  }

  std::string directory_;
  uint64_t page_kib_ = static_cast<uint64_t>(sysconf(_SC_PAGESIZE)) / 1024;
  TableBuilder names_;
  TableBuilder::Column<Gauge32> processes_ = names_.AddColumn<Gauge32>(2);
  TableBuilder::Column<Gauge32> threads_ = names_.AddColumn<Gauge32>(3);
  TableBuilder::Column<Gauge32> resident_ = names_.AddColumn<Gauge32>(4);
};

}  // namespace

void AddProcesses(AgentBuilder& builder, const std::string& proc) {
  builder.AddSubtree(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.10.1.5"),
                     absl::Seconds(10), Processes(proc));
}

}  // namespace host_agent
