// SPDX-License-Identifier: Apache-2.0

#include "examples/queues.h"

#include <cstdint>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "passpersist/table_builder.h"

using namespace passpersist;  // NOLINT: an example

namespace {

// Reads the next fields, if they are numbers of these types. ">>" alone would
// accept "-1" for an unsigned number.
template <typename... Numbers>
bool Read(std::istream& fields, Numbers*... numbers) {
  std::string field;
  return ((fields >> field && absl::SimpleAtoi(field, numbers)) && ...);
}

// The update function. It keeps the TableBuilder from one update to the next:
// while the queues are the same, the store takes the new cells without looking
// at names.
class Queues {
 public:
  explicit Queues(std::string file) : file_(std::move(file)) {}

  absl::Status operator()(Contents& contents) {
    std::ifstream file(file_);
    absl::Status status;
    for (std::string line; std::getline(file, line);) {
      if (!AddQueue(line)) status = absl::DataLossError("not a queue: " + line);
    }
    if (!file.eof()) status = absl::UnavailableError("cannot read " + file_);
    contents.PutTable({1}, table_);  // empties table_, also after an error
    return status;
  }

 private:
  bool AddQueue(const std::string& line) {
    std::istringstream fields(line);
    uint32_t port, queue, limit;
    uint64_t packets, bytes, dropped;
    if (!Read(fields, &port, &queue, &packets, &bytes, &dropped)) return false;
    TableBuilder::Row row = table_.AddRow({port, queue});
    row.Set(packets_, Counter64{packets}).Set(bytes_, Counter64{bytes});
    row.Set(dropped_, Counter64{dropped});
    if ((fields >> std::ws).eof()) return true;
    if (!Read(fields, &limit)) return false;
    row.Set(limit_, Gauge32{limit});
    return (fields >> std::ws).eof();
  }

  std::string file_;
  TableBuilder table_;
  TableBuilder::Column<Counter64> packets_ = table_.AddColumn<Counter64>(1);
  TableBuilder::Column<Counter64> bytes_ = table_.AddColumn<Counter64>(2);
  TableBuilder::Column<Counter64> dropped_ = table_.AddColumn<Counter64>(3);
  TableBuilder::Column<Gauge32> limit_ = table_.AddColumn<Gauge32>(4);
};

}  // namespace

void AddQueues(AgentBuilder& builder, const std::string& file) {
  SubtreeOptions options;
  options.strict = true;  // a file with two lines for one queue is not valid
  builder.AddSubtree(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.4"),
                     absl::Seconds(1), Queues(file), options);
}
