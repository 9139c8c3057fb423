// SPDX-License-Identifier: Apache-2.0

#include "examples/disks.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"

using namespace passpersist;  // NOLINT: an example

namespace {

constexpr char kRoot[] = ".1.3.6.1.4.1.8072.9999.9999.7";

struct Disk {
  std::string name;
  std::optional<std::string> model;
  uint64_t read_bytes = 0;
};

const auto kDisks = Table<Disk>({1})
                        .Index(&Disk::name)
                        .Column(2, &Disk::model)
                        .Column(3, Counter64Of(&Disk::read_bytes));

// Returns std::nullopt if the file cannot be read: the device may have no such
// file, or may vanish during the update.
std::optional<std::string> ReadLine(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return std::string(absl::StripAsciiWhitespace(line));
}

// Returns 0 if there is no such file.
uint64_t ReadBytes(const std::filesystem::path& stat) {
  uint64_t reads = 0, merged = 0, sectors = 0;
  std::ifstream(stat) >> reads >> merged >> sectors;
  return 512 * sectors;  // the unit of the file, for every disk
}

absl::StatusOr<std::vector<Disk>> ReadDisks(const std::string& directory) {
  std::vector<Disk> disks;
  std::error_code error;
  std::filesystem::directory_iterator entry(directory, error);
  for (; !error && entry != end(entry); entry.increment(error)) {
    const std::filesystem::path& path = entry->path();
    Disk& disk = disks.emplace_back();
    disk.name = path.filename();
    disk.model = ReadLine(path / "device/model");
    disk.read_bytes = ReadBytes(path / "stat");
  }
  if (!error) return disks;
  return absl::UnavailableError(absl::StrCat(directory, ": ", error.message()));
}

}  // namespace

void AddDisks(AgentBuilder& builder, const std::string& sys) {
  builder.AddTable(Oid::Parse(kRoot), absl::Seconds(5), kDisks,
                   [sys] { return ReadDisks(sys + "/block"); });
}
