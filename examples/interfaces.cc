// SPDX-License-Identifier: Apache-2.0

#include "examples/interfaces.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

using namespace passpersist;  // NOLINT: an example

namespace {

constexpr char kRoot[] = ".1.3.6.1.4.1.8072.9999.9999.2";

std::string ReadText(const std::filesystem::path& path) {
  std::string text;
  std::getline(std::ifstream(path), text);
  return text;
}

// Returns 0 if there is no number: an interface may vanish during an update.
uint64_t ReadNumber(const std::filesystem::path& path) {
  uint64_t number = 0;
  return absl::SimpleAtoi(ReadText(path), &number) ? number : 0;
}

absl::Status Update(const std::string& sysfs, Contents& contents) {
  std::error_code error;
  std::filesystem::directory_iterator entry(sysfs, error);
  for (; !error && entry != end(entry); entry.increment(error)) {
    const std::filesystem::path& path = entry->path();
    const auto index = static_cast<uint32_t>(ReadNumber(path / "ifindex"));
    if (index == 0) continue;
    const std::string name = path.filename();
    contents.Put({1, 1, index}, Integer32::FromNumber(index), name);
    contents.Put({1, 2, index}, OctetString{name});
    contents.Put({1, 3, index},
                 Gauge32::FromNumberSaturated(ReadNumber(path / "mtu")));
    contents.Put({1, 4, index},
                 OctetString::FromHex(ReadText(path / "address")));
    const auto counters = path / "statistics";
    contents.Put({1, 5, index}, Counter64{ReadNumber(counters / "rx_bytes")});
    contents.Put({1, 6, index}, Counter64{ReadNumber(counters / "tx_bytes")});
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(sysfs, ": ", error.message()));
}

}  // namespace

void AddInterfaces(AgentBuilder& builder, const std::string& sysfs) {
  builder.AddSubtree(
      Oid::Parse(kRoot), absl::Seconds(5),
      [sysfs](Contents& contents) { return Update(sysfs, contents); });
}
