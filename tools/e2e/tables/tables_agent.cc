// SPDX-License-Identifier: Apache-2.0
//
// Serves the tables of PASSPERSIST-EXAMPLES-MIB. The lines from "// 1." to the
// next number are what a user writes for a table.

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/table/column.h"
#include "passpersist/table/inet_address.h"
#include "passpersist/table/table.h"
#include "tools/e2e/snmpd/snmpd_agent.h"
#include "transport/posix/process_sys_up_time.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

// 1. Sensors.
enum class SensorType { kVoltsDc = 4, kCelsius = 8 };
enum class SensorScale { kMilli = 8, kUnits = 9 };
enum class SensorStatus { kOk = 1, kUnavailable = 2 };
struct Sensor {
  int32_t index = 0;
  SensorType type = SensorType::kCelsius;
  SensorScale scale = SensorScale::kUnits;
  int32_t precision = 0;
  double value = 0;
  SensorStatus status = SensorStatus::kOk;
  std::string units;
  absl::Time measured;
  uint32_t update_rate = 1000;
  std::optional<absl::Time> calibrated = std::nullopt;
};

const auto kSensors =  // NOLINT: a value without a destructor
    Table<Sensor>({1, 1, 1})
        .Index(&Sensor::index)
        .Column(2, &Sensor::type)
        .Column(3, &Sensor::scale)
        .Column(4, &Sensor::precision)
        .Column(5, Scaled<2>(&Sensor::value))
        .Column(6, &Sensor::status)
        .Column(7, DisplayStringOf(&Sensor::units))
        .Column(8, TimeStampOf(&Sensor::measured))
        .Column(9, &Sensor::update_rate)
        .Column(10, DateAndTimeOf(&Sensor::calibrated));

// 2. Ports, the table that augments them, and addresses.
struct Port {
  int32_t index = 0;
  std::string name;
};
struct PortStats {
  int32_t port = 0;
  uint64_t octets = 0;
};
struct Address {
  InetAddress address;
  uint32_t prefix_length = 0;
  uint64_t octets = 0;
  std::string comment;
};

const auto kPorts = Table<Port>({1, 2, 3})  // NOLINT
                        .Index(&Port::index)
                        .Column(2, DisplayStringOf(&Port::name));
const auto kPortStats = Table<PortStats>({1, 2, 4})  // NOLINT
                            .Augments(kPorts, &PortStats::port)
                            .Column(1, Counter64Of(&PortStats::octets));
const auto kAddresses = Table<Address>({1, 3, 1})  // NOLINT
                            .Index(&Address::address)
                            .Column(3, &Address::prefix_length)
                            .Column(4, Counter64Of(&Address::octets))
                            .Column(5, DisplayStringOf(&Address::comment));

// 3. VLANs.
enum class VlanFeature { kIgmpSnooping = 0, kVoice = 4, kMirrored = 8 };
struct Vlan {
  uint16_t id = 0;
  std::string name;
  std::vector<int> egress_ports;
  std::vector<int> untagged_ports;
  std::vector<VlanFeature> features;
};

const auto kVlans = Table<Vlan>({1, 4, 1})  // NOLINT
                        .Index(&Vlan::id)
                        .Column(2, DisplayStringOf(&Vlan::name))
                        .Column(3, PortListOf(&Vlan::egress_ports, 16))
                        .Column(4, PortListOf(&Vlan::untagged_ports, 16))
                        .Column(5, BitsOf(&Vlan::features));
// End.

std::vector<Sensor> ReadSensors() {
  Sensor inlet;
  inlet.index = 1;
  inlet.precision = 2;
  inlet.value = 21.357;
  inlet.units = "degrees Celsius";
  inlet.measured = absl::InfinitePast();
  inlet.calibrated = absl::FromCivil(
      absl::CivilSecond(2026, 11, 30, 12, 15, 30), absl::UTCTimeZone());
  Sensor supply;
  supply.index = 20;
  supply.type = SensorType::kVoltsDc;
  supply.scale = SensorScale::kMilli;
  supply.precision = 2;
  supply.value = 12.05;
  supply.status = SensorStatus::kUnavailable;
  supply.units = "mV";
  supply.measured = absl::Now();
  return {supply, inlet};
}

std::vector<Address> ReadAddresses() {
  std::vector<Address> addresses;
  uint64_t octets = 1;
  for (const char* const text :
       {"fe80::1%3", "2001:db8::1", "10.0.0.2", "9.255.0.1", "10.0.0.1"}) {
    addresses.push_back({*InetAddress::Parse(text), 64, octets++, text});
  }
  return addresses;
}

std::vector<Vlan> ReadVlans() {
  return {{1, "default", {1, 2, 128}, {1}, {}},
          {20,
           "voice",
           {3},
           {},
           {VlanFeature::kIgmpSnooping, VlanFeature::kVoice,
            VlanFeature::kMirrored}}};
}

}  // namespace

int main() {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const Oid root = Playpen({20});
  constexpr absl::Duration kPeriod = absl::Minutes(10);
  builder.SetSysUpTime(std::make_shared<ProcessSysUpTime>())
      .AddTable(root, kPeriod, kSensors, ReadSensors)
      .AddTable(root, kPeriod, kPorts,
                [] {
                  return std::vector<Port>{{300, "core"}, {2, "edge"}};
                })
      .AddTable(
          root, kPeriod, kPortStats,
          [] {
            return std::vector<PortStats>{{2, 7}, {300, uint64_t{1} << 40}};
          })
      .AddTable(root, kPeriod, kAddresses, ReadAddresses)
      .AddTable(root, kPeriod, kVlans, ReadVlans);
  AgentMain(builder.Build());
}
