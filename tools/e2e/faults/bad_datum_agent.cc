// SPDX-License-Identifier: Apache-2.0
//
// Serves what its sources say, good or bad:
//
//   bad_datum_agent NUMBER ERRORS
//
// The file NUMBER contains a number: 1.1.1 is that number as an INTEGER, 1.2.1
// as a gauge. Row 2 of this table is always good; row 3 is added twice if the
// number is negative. 2.1 is that INTEGER in a strict subtree. 3.0 counts the
// updates of a third subtree. Errors are appended to the file ERRORS, a line
// each.

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/table_builder.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

double ReadNumber(const std::string& path) {
  std::string text;
  std::getline(std::ifstream(path), text);
  double number = 0;
  (void)absl::SimpleAtod(text, &number);
  return number;
}

absl::Status UpdateTable(double number, Contents& contents) {
  TableBuilder table;
  const auto integer = table.AddColumn<Integer32>(1);
  const auto gauge = table.AddColumn<Gauge32>(2);
  table.AddRow({1})
      .Set(integer, Integer32::FromNumber(number))
      .Set(gauge, Gauge32::FromNumberSaturated(number));
  table.AddRow({2}).Set(integer, Integer32{2}).Set(gauge, Gauge32{2});
  if (number < 0) table.AddRow({3}).Set(gauge, Gauge32{3});
  table.AddRow({3}).Set(integer, Integer32{3});
  contents.PutTable({}, table);
  return absl::OkStatus();
}

}  // namespace

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const std::string number = argv[1];
  const std::string errors = argv[2];
  SubtreeOptions strict;
  strict.strict = true;
  constexpr absl::Duration kPeriod = absl::Milliseconds(2);
  builder
      .OnError([errors](const absl::Status& error) {
        std::ofstream(errors, std::ios::app) << error << "\n";
      })
      .AddSubtree(Playpen({1}), kPeriod,
                  [number](Contents& contents) {
                    return UpdateTable(ReadNumber(number), contents);
                  })
      .AddSubtree(
          Playpen({2}), kPeriod,
          [number](Contents& contents) {
            contents.Put({1}, Integer32::FromNumber(ReadNumber(number)));
            return absl::OkStatus();
          },
          strict)
      .AddSubtree(Playpen({3}), kPeriod,
                  [count = 0](Contents& contents) mutable {
                    contents.Put({0}, Integer32{++count});
                    return absl::OkStatus();
                  });
  AgentMain(builder.Build());
}
