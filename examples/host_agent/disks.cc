// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/disks.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "examples/host_agent/kernel_files.h"
#include "passpersist/table_builder.h"

using namespace passpersist;  // NOLINT: an example

namespace host_agent {
namespace {

// The fields of a line after major, minor and name: the numbers of iostats.rst
// minus one.
enum Field : size_t {
  kReads = 0,
  kSectorsRead = 2,
  kReadTime = 3,
  kWrites = 4,
  kSectorsWritten = 6,
  kWriteTime = 7,
  kInFlight = 8,
  kBusyTime = 9,
  kQueueTime = 10,
  kOldestLength = 11,  // the number of fields before Linux 4.18
  kDiscards = 11,
  kFlushes = 15,
};

// The unit of the file, for every sector size of the disk (Linux,
// Documentation/block/stat.rst).
constexpr uint64_t kSectorBytes = 512;

class Disks {
 public:
  explicit Disks(const std::string& proc)
      : file_(absl::StrCat(proc, "/diskstats")) {}

  absl::Status operator()(Contents& contents) {
    const absl::StatusOr<std::string> text = ReadKernelFile(file_);
    if (!text.ok()) return text.status();
    absl::Status status;
    for (absl::string_view line :
         absl::StrSplit(*text, '\n', absl::SkipWhitespace())) {
      if (!AddDisk(line)) status.Update(UnexpectedText(file_, line));
    }
    contents.PutTable({1, 1}, table_);  // empties table_, also after an error
    return status;
  }

 private:
  bool AddDisk(absl::string_view line) {
    const std::vector<absl::string_view> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    uint32_t major, minor;
    if (words.size() < 3 + kOldestLength ||
        !absl::SimpleAtoi(words[0], &major) ||
        !absl::SimpleAtoi(words[1], &minor)) {
      return false;
    }
    std::vector<uint64_t> fields(words.size() - 3);
    for (size_t i = 0; i < fields.size(); ++i) {
      if (!absl::SimpleAtoi(words[i + 3], &fields[i])) return false;
    }
    TableBuilder::Row row = table_.AddRow({major, minor});
    row.Set(name_, OctetString{std::string(words[2])})
        .Set(reads_, Counter64{fields[kReads]})
        .Set(bytes_read_, Counter64{fields[kSectorsRead] * kSectorBytes})
        .Set(read_time_, Counter32::FromNumberWrapped(fields[kReadTime]))
        .Set(writes_, Counter64{fields[kWrites]})
        .Set(bytes_written_, Counter64{fields[kSectorsWritten] * kSectorBytes})
        .Set(write_time_, Counter32::FromNumberWrapped(fields[kWriteTime]))
        .Set(in_flight_, Gauge32::FromNumberSaturated(fields[kInFlight]))
        .Set(busy_time_, Counter32::FromNumberWrapped(fields[kBusyTime]))
        .Set(queue_time_, Counter32::FromNumberWrapped(fields[kQueueTime]));
    if (fields.size() > kDiscards) {
      row.Set(discards_, Counter64{fields[kDiscards]});
    }
    if (fields.size() > kFlushes) {
      row.Set(flushes_, Counter64{fields[kFlushes]});
    }
    return true;
  }

  std::string file_;
  TableBuilder table_;
  TableBuilder::Column<OctetString> name_ = table_.AddColumn<OctetString>(3);
  TableBuilder::Column<Counter64> reads_ = table_.AddColumn<Counter64>(4);
  TableBuilder::Column<Counter64> bytes_read_ = table_.AddColumn<Counter64>(5);
  TableBuilder::Column<Counter32> read_time_ = table_.AddColumn<Counter32>(6);
  TableBuilder::Column<Counter64> writes_ = table_.AddColumn<Counter64>(7);
  TableBuilder::Column<Counter64> bytes_written_ =
      table_.AddColumn<Counter64>(8);
  TableBuilder::Column<Counter32> write_time_ = table_.AddColumn<Counter32>(9);
  TableBuilder::Column<Gauge32> in_flight_ = table_.AddColumn<Gauge32>(10);
  TableBuilder::Column<Counter32> busy_time_ = table_.AddColumn<Counter32>(11);
  TableBuilder::Column<Counter32> queue_time_ = table_.AddColumn<Counter32>(12);
  TableBuilder::Column<Counter64> discards_ = table_.AddColumn<Counter64>(13);
  TableBuilder::Column<Counter64> flushes_ = table_.AddColumn<Counter64>(14);
};

}  // namespace

void AddDisks(AgentBuilder& builder, const std::string& proc) {
  builder.AddSubtree(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.10.1.2"),
                     absl::Seconds(5), Disks(proc));
}

}  // namespace host_agent
