// SPDX-License-Identifier: Apache-2.0

#include "examples/interfaces.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"
#include "passpersist/value.h"

using namespace passpersist;  // NOLINT: an example

namespace {

constexpr char kRoot[] = ".1.3.6.1.4.1.8072.9999.9999.2";

struct Interface {
  uint64_t index = 0;
  std::string name;
  uint64_t mtu = 0;
  absl::StatusOr<OctetString> address;
  uint64_t rx_bytes = 0;
  uint64_t tx_bytes = 0;
};

// The OID of the table is the root.
const auto kInterfaces = Table<Interface>(Oid())
                             .Index(&Interface::index)
                             .Column(1, IntegerOf(&Interface::index))
                             .Column(2, &Interface::name)
                             .Column(3, Gauge32Of(&Interface::mtu))
                             .Column(4, &Interface::address)
                             .Column(5, Counter64Of(&Interface::rx_bytes))
                             .Column(6, Counter64Of(&Interface::tx_bytes));

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

absl::StatusOr<std::vector<Interface>> ReadInterfaces(
    const std::string& sysfs) {
  std::vector<Interface> interfaces;
  std::error_code error;
  std::filesystem::directory_iterator entry(sysfs, error);
  for (; !error && entry != end(entry); entry.increment(error)) {
    const std::filesystem::path& path = entry->path();
    Interface interface;
    interface.index = ReadNumber(path / "ifindex");
    if (interface.index == 0) continue;
    interface.name = path.filename();
    interface.mtu = ReadNumber(path / "mtu");
    interface.address = OctetString::FromHex(ReadText(path / "address"));
    interface.rx_bytes = ReadNumber(path / "statistics/rx_bytes");
    interface.tx_bytes = ReadNumber(path / "statistics/tx_bytes");
    interfaces.push_back(interface);
  }
  if (!error) return interfaces;
  return absl::UnavailableError(absl::StrCat(sysfs, ": ", error.message()));
}

}  // namespace

void AddInterfaces(AgentBuilder& builder, const std::string& sysfs) {
  builder.AddTable(Oid::Parse(kRoot), absl::Seconds(5), kInterfaces,
                   [sysfs] { return ReadInterfaces(sysfs); });
}
