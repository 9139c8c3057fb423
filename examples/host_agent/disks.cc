// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/disks.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "examples/host_agent/kernel_files.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"

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

struct Disk {
  uint32_t major = 0;
  uint32_t minor = 0;
  std::string name;
  std::vector<uint64_t> fields;  // at least kOldestLength
};

template <Field kField>
std::optional<uint64_t> Number(const Disk& disk) {
  if (disk.fields.size() <= kField) return std::nullopt;
  return disk.fields[kField];
}

template <Field kField>
uint64_t Bytes(const Disk& disk) {
  return disk.fields[kField] * kSectorBytes;
}

const auto kDisks = Table<Disk>({1})
                        .Index(&Disk::major, &Disk::minor)
                        .Column(3, &Disk::name)
                        .Column(4, Counter64Of(&Number<kReads>))
                        .Column(5, Counter64Of(&Bytes<kSectorsRead>))
                        .Column(6, Counter32Of(&Number<kReadTime>))
                        .Column(7, Counter64Of(&Number<kWrites>))
                        .Column(8, Counter64Of(&Bytes<kSectorsWritten>))
                        .Column(9, Counter32Of(&Number<kWriteTime>))
                        .Column(10, Gauge32Of(&Number<kInFlight>))
                        .Column(11, Counter32Of(&Number<kBusyTime>))
                        .Column(12, Counter32Of(&Number<kQueueTime>))
                        .Column(13, Counter64Of(&Number<kDiscards>))
                        .Column(14, Counter64Of(&Number<kFlushes>));

bool ParseDisk(absl::string_view line, Disk* disk) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(line, ' ', absl::SkipEmpty());
  if (words.size() < 3 + kOldestLength ||
      !absl::SimpleAtoi(words[0], &disk->major) ||
      !absl::SimpleAtoi(words[1], &disk->minor)) {
    return false;
  }
  disk->name = std::string(words[2]);
  disk->fields.resize(words.size() - 3);
  for (size_t i = 0; i < disk->fields.size(); ++i) {
    if (!absl::SimpleAtoi(words[i + 3], &disk->fields[i])) return false;
  }
  return true;
}

absl::Status ReadDisks(const std::string& file, std::vector<Disk>& disks) {
  const absl::StatusOr<std::string> text = ReadKernelFile(file);
  if (!text.ok()) return text.status();
  for (absl::string_view line :
       absl::StrSplit(*text, '\n', absl::SkipWhitespace())) {
    if (!ParseDisk(line, &disks.emplace_back())) {
      return UnexpectedText(file, line);
    }
  }
  return absl::OkStatus();
}

}  // namespace

void AddDisks(AgentBuilder& builder, const std::string& proc) {
  builder.AddTable(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.10.1.2"),
                   absl::Seconds(5), kDisks,
                   [file = proc + "/diskstats"](std::vector<Disk>& disks) {
                     return ReadDisks(file, disks);
                   });
}

}  // namespace host_agent
