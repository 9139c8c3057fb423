// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/interfaces.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "examples/host_agent/kernel_files.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"

using namespace passpersist;  // NOLINT: an example

namespace host_agent {
namespace {

struct Interface {
  int64_t index = 0;
  std::string name;
  OctetString address;
  int64_t mtu = 0;
  std::optional<int64_t> speed;
  std::optional<bool> carrier;
  uint64_t rx_bytes = 0, rx_packets = 0, rx_errors = 0, rx_dropped = 0;
  uint64_t tx_bytes = 0, tx_packets = 0, tx_errors = 0, tx_dropped = 0;
};

const auto kInterfaces = Table<Interface>({1})
                             .Index(&Interface::index)
                             .Column(2, &Interface::name)
                             .Column(3, &Interface::address)
                             .Column(4, Gauge32Of(&Interface::mtu))
                             .Column(5, Gauge32Of(&Interface::speed))
                             .Column(6, &Interface::carrier)
                             .Column(7, Counter64Of(&Interface::rx_bytes))
                             .Column(8, Counter64Of(&Interface::rx_packets))
                             .Column(9, Counter64Of(&Interface::rx_errors))
                             .Column(10, Counter64Of(&Interface::rx_dropped))
                             .Column(11, Counter64Of(&Interface::tx_bytes))
                             .Column(12, Counter64Of(&Interface::tx_packets))
                             .Column(13, Counter64Of(&Interface::tx_errors))
                             .Column(14, Counter64Of(&Interface::tx_dropped));

absl::StatusOr<Interface> ReadInterface(const std::string& path) {
  Interface interface;
  absl::Status status;
  const auto keep = [&status](auto reading, auto& member) {
    status.Update(reading.status());
    if (reading.ok()) member = *std::move(reading);
  };
  const auto count = [&](const char* file, uint64_t& member) {
    keep(ReadKernelCounter(absl::StrCat(path, "/statistics/", file)), member);
  };
  std::string hex;
  keep(ReadKernelNumber(path + "/ifindex"), interface.index);
  keep(ReadKernelNumber(path + "/mtu"), interface.mtu);
  keep(ReadKernelLine(path + "/address"), hex);
  count("rx_bytes", interface.rx_bytes);
  count("rx_packets", interface.rx_packets);
  count("rx_errors", interface.rx_errors);
  count("rx_dropped", interface.rx_dropped);
  count("tx_bytes", interface.tx_bytes);
  count("tx_packets", interface.tx_packets);
  count("tx_errors", interface.tx_errors);
  count("tx_dropped", interface.tx_dropped);
  if (!status.ok()) return status;
  const auto address = OctetString::FromHex(hex);
  if (!address.ok()) return UnexpectedText(path + "/address", hex);
  interface.address = *address;
  const auto speed = ReadKernelNumber(path + "/speed");
  if (speed.ok() && *speed >= 0) interface.speed = *speed;
  const auto carrier = ReadKernelNumber(path + "/carrier");
  if (carrier.ok()) interface.carrier = *carrier == 1;
  return interface;
}

// A file that was opened before its interface was removed returns EINVAL. The
// directory also contains the file "bonding_masters", which is not an
// interface: ENOTDIR.
bool IsGone(const absl::Status& status) {
  return absl::IsNotFound(status) || absl::IsInvalidArgument(status) ||
         absl::IsFailedPrecondition(status);
}

absl::StatusOr<std::vector<Interface>> ReadInterfaces(
    const std::string& directory) {
  const auto names = ListKernelDirectory(directory);
  if (!names.ok()) return names.status();
  std::vector<Interface> interfaces;
  for (const std::string& name : *names) {
    auto interface = ReadInterface(absl::StrCat(directory, "/", name));
    if (IsGone(interface.status())) continue;
    if (!interface.ok()) return interface.status();
    interface->name = name;
    interfaces.push_back(*std::move(interface));
  }
  return interfaces;
}

}  // namespace

void AddInterfaces(AgentBuilder& builder, const std::string& sys) {
  builder.AddTable(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.10.1.1"),
                   absl::Seconds(5), kInterfaces,
                   [sys] { return ReadInterfaces(sys + "/class/net"); });
}

}  // namespace host_agent
