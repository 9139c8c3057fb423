// SPDX-License-Identifier: Apache-2.0

#include "examples/queues.h"

#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/time/time.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"

using namespace passpersist;  // NOLINT: an example

namespace {

struct Queue {
  uint32_t port = 0;
  uint32_t number = 0;
  uint64_t packets = 0;
  uint64_t bytes = 0;
  uint64_t dropped = 0;
  std::optional<uint32_t> limit;
};

const auto kQueues = Table<Queue>(Oid())  // the root
                         .Index(&Queue::port, &Queue::number)
                         .Column(1, Counter64Of(&Queue::packets))
                         .Column(2, Counter64Of(&Queue::bytes))
                         .Column(3, Counter64Of(&Queue::dropped))
                         .Column(4, &Queue::limit);

// Reads the next fields, if they are numbers of these types. ">>" alone would
// accept "-1" for an unsigned number.
template <typename... Numbers>
bool Read(std::istream& fields, Numbers*... numbers) {
  std::string field;
  return ((fields >> field && absl::SimpleAtoi(field, numbers)) && ...);
}

bool ParseQueue(const std::string& line, Queue* queue) {
  std::istringstream fields(line);
  if (!Read(fields, &queue->port, &queue->number, &queue->packets,
            &queue->bytes, &queue->dropped)) {
    return false;
  }
  if ((fields >> std::ws).eof()) return true;
  return Read(fields, &queue->limit.emplace()) && (fields >> std::ws).eof();
}

// Adds the queues to `queues`, which keeps its memory from update to update.
absl::Status ReadQueues(const std::string& name, std::vector<Queue>& queues) {
  std::ifstream file(name);
  for (std::string line; std::getline(file, line);) {
    if (!ParseQueue(line, &queues.emplace_back())) {
      return absl::DataLossError("not a queue: " + line);
    }
  }
  if (!file.eof()) return absl::UnavailableError("cannot read " + name);
  return absl::OkStatus();
}

}  // namespace

void AddQueues(AgentBuilder& builder, const std::string& file) {
  SubtreeOptions options;
  options.strict = true;  // a file with two lines for one queue is not valid
  builder.AddTable(
      Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.4"), absl::Seconds(1), kQueues,
      [file](std::vector<Queue>& queues) { return ReadQueues(file, queues); },
      options);
}
