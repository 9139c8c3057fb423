// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/interfaces.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "examples/host_agent/kernel_files.h"
#include "passpersist/table_builder.h"

using namespace passpersist;  // NOLINT: an example

namespace host_agent {
namespace {

class Interfaces {
 public:
  explicit Interfaces(const std::string& sys)
      : directory_(absl::StrCat(sys, "/class/net")) {
    uint32_t id = 7;
    for (const char* const name :
         {"rx_bytes", "rx_packets", "rx_errors", "rx_dropped", "tx_bytes",
          "tx_packets", "tx_errors", "tx_dropped"}) {
      counters_.push_back({absl::StrCat("/statistics/", name),
                           table_.AddColumn<Counter64>(id++)});
    }
  }

  absl::Status operator()(Contents& contents) {
    const absl::StatusOr<std::vector<std::string>> names =
        ListKernelDirectory(directory_);
    absl::Status status = names.status();
    if (names.ok()) {
      for (const std::string& name : *names) status.Update(AddRow(name));
    }
    contents.PutTable({1, 1}, table_);  // empties table_, also after an error
    return status;
  }

 private:
  struct Counter {
    std::string file;
    TableBuilder::Column<Counter64> column;
  };

  // Reads all required files before it adds the row, since a row cannot be
  // removed.
  absl::Status AddRow(const std::string& name) {
    const std::string path = absl::StrCat(directory_, "/", name);
    absl::Status status;
    const auto keep = [&status](auto reading) {
      status.Update(reading.status());
      return reading.ok() ? *reading : typename decltype(reading)::value_type();
    };
    const int64_t index = keep(ReadKernelNumber(path + "/ifindex"));
    const int64_t mtu = keep(ReadKernelNumber(path + "/mtu"));
    const std::string hex = keep(ReadKernelLine(path + "/address"));
    std::vector<uint64_t> counts;
    for (const Counter& counter : counters_) {
      counts.push_back(keep(ReadKernelCounter(path + counter.file)));
    }
    if (IsGone(status)) return absl::OkStatus();
    if (!status.ok()) return status;
    const auto address = OctetString::FromHex(hex);
    if (!address.ok()) return UnexpectedText(path + "/address", hex);

    TableBuilder::Row row = table_.AddRow({static_cast<uint32_t>(index)});
    row.Set(name_, OctetString{name}).Set(address_, address);
    row.Set(mtu_, Gauge32::FromNumberSaturated(mtu));
    for (size_t i = 0; i < counts.size(); ++i) {
      row.Set(counters_[i].column, Counter64{counts[i]});
    }
    const auto speed = ReadKernelNumber(path + "/speed");
    if (speed.ok() && *speed >= 0) {
      row.Set(speed_, Gauge32::FromNumberSaturated(*speed));
    }
    const auto carrier = ReadKernelNumber(path + "/carrier");
    if (carrier.ok()) row.Set(carrier_, Integer32{*carrier == 1 ? 1 : 2});
    return absl::OkStatus();
  }

  // A file that was opened before its interface was removed returns EINVAL. The
  // directory also contains the file "bonding_masters", which is not an
  // interface: ENOTDIR.
  static bool IsGone(const absl::Status& status) {
    return absl::IsNotFound(status) || absl::IsInvalidArgument(status) ||
           absl::IsFailedPrecondition(status);
  }

  std::string directory_;
  TableBuilder table_;
  TableBuilder::Column<OctetString> name_ = table_.AddColumn<OctetString>(2);
  TableBuilder::Column<OctetString> address_ = table_.AddColumn<OctetString>(3);
  TableBuilder::Column<Gauge32> mtu_ = table_.AddColumn<Gauge32>(4);
  TableBuilder::Column<Gauge32> speed_ = table_.AddColumn<Gauge32>(5);
  TableBuilder::Column<Integer32> carrier_ = table_.AddColumn<Integer32>(6);
  std::vector<Counter> counters_;  // columns 7 to 14
};

}  // namespace

void AddInterfaces(AgentBuilder& builder, const std::string& sys) {
  builder.AddSubtree(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.10.1.1"),
                     absl::Seconds(5), Interfaces(sys));
}

}  // namespace host_agent
