// SPDX-License-Identifier: Apache-2.0

#include "teams/power/batteries.h"

#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "passpersist/table/table.h"

namespace acme {

using passpersist::Oid;
using passpersist::Table;

namespace {

struct Battery {
  uint32_t number = 0;
  std::string place;
  uint32_t charge = 0;
  std::optional<uint32_t> minutes;
};

const auto kBatteries = Table<Battery>({1})
                            .Index(&Battery::number)
                            .Column(2, &Battery::place)
                            .Column(3, &Battery::charge)
                            .Column(4, &Battery::minutes);

bool ParseBattery(const std::string& line, Battery* battery) {
  std::istringstream fields(line);
  // Read as words, since ">>" would accept "-1" for a uint32_t.
  std::string number, charge, minutes;
  return fields >> number >> charge >> minutes >> std::ws &&
         std::getline(fields, battery->place) &&
         absl::SimpleAtoi(number, &battery->number) &&
         absl::SimpleAtoi(charge, &battery->charge) &&
         (minutes == "-" ||
          absl::SimpleAtoi(minutes, &battery->minutes.emplace()));
}

absl::Status ReadBatteries(const std::string& name,
                           std::vector<Battery>& batteries) {
  std::ifstream file(name);
  for (std::string line; std::getline(file, line);) {
    if (!ParseBattery(line, &batteries.emplace_back())) {
      return absl::DataLossError(absl::StrCat(name, ": ", line));
    }
  }
  if (!file.eof()) return absl::UnavailableError("cannot read " + name);
  return absl::OkStatus();
}

}  // namespace

void AddBatteries(passpersist::AgentBuilder& builder, const std::string& file) {
  builder.AddTable(Oid::Parse(".1.3.6.1.4.1.32473.1"), absl::Seconds(10),
                   kBatteries, [file](std::vector<Battery>& batteries) {
                     return ReadBatteries(file, batteries);
                   });
}

}  // namespace acme
