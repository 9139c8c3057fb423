// SPDX-License-Identifier: Apache-2.0

#include "teams/power/batteries.h"

#include <cstdint>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "passpersist/table_builder.h"

namespace acme {

using passpersist::Contents;
using passpersist::Gauge32;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::TableBuilder;

namespace {

class Batteries {
 public:
  explicit Batteries(std::string file) : file_(std::move(file)) {}

  absl::Status operator()(Contents& contents) {
    std::ifstream file(file_);
    absl::Status status;
    for (std::string line; std::getline(file, line);) {
      if (!AddBattery(line)) {
        status = absl::DataLossError(absl::StrCat(file_, ": ", line));
      }
    }
    if (!file.eof()) status = absl::UnavailableError("cannot read " + file_);
    contents.PutTable({1, 1}, table_);  // empties table_, also after an error
    return status;
  }

 private:
  bool AddBattery(const std::string& line) {
    std::istringstream fields(line);
    // Read as words, since ">>" would accept "-1" for a uint32_t.
    std::string number_word, charge_word, minutes_word, place;
    uint32_t number, charge, minutes;
    if (!(fields >> number_word >> charge_word >> minutes_word >> std::ws) ||
        !std::getline(fields, place) ||
        !absl::SimpleAtoi(number_word, &number) ||
        !absl::SimpleAtoi(charge_word, &charge)) {
      return false;
    }
    TableBuilder::Row row = table_.AddRow({number});
    row.Set(place_, OctetString{place}).Set(charge_, Gauge32{charge});
    if (minutes_word == "-") return true;
    if (!absl::SimpleAtoi(minutes_word, &minutes)) return false;
    row.Set(minutes_, Gauge32{minutes});
    return true;
  }

  std::string file_;
  TableBuilder table_;
  TableBuilder::Column<OctetString> place_ = table_.AddColumn<OctetString>(2);
  TableBuilder::Column<Gauge32> charge_ = table_.AddColumn<Gauge32>(3);
  TableBuilder::Column<Gauge32> minutes_ = table_.AddColumn<Gauge32>(4);
};

}  // namespace

void AddBatteries(passpersist::AgentBuilder& builder, const std::string& file) {
  builder.AddSubtree(Oid::Parse(".1.3.6.1.4.1.32473.1"), absl::Seconds(10),
                     Batteries(file));
}

}  // namespace acme
