// SPDX-License-Identifier: Apache-2.0

#include "passpersist/monitoring/health_subtree.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/pdu.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"

namespace passpersist {
namespace {

// A row of healthSubtreeTable. What is about updates is missing in a subtree
// without an update.
struct SubtreeRow {
  int32_t index = 0;
  Oid root;
  std::optional<uint64_t> updates;
  std::optional<uint64_t> failures;
  std::optional<uint64_t> unchanged;
  std::optional<absl::Time> running_since;
  std::optional<absl::Duration> age;
  std::optional<int64_t> last_duration;  // microseconds
  std::optional<uint64_t> instance_errors;
  uint64_t instances = 0;
  uint64_t memory = 0;  // bytes
  std::optional<std::string> last_error;
};

Table<SubtreeRow, int32_t> SubtreeTable() {
  static const auto table =
      Table<SubtreeRow>({1, 2, 1})
          .Index(&SubtreeRow::index)
          .Column(2, &SubtreeRow::root)
          .Column(3, Counter64Of(&SubtreeRow::updates))
          .Column(4, Counter64Of(&SubtreeRow::failures))
          .Column(5, Counter64Of(&SubtreeRow::unchanged))
          .Column(6, TimeStampOf(&SubtreeRow::running_since))
          .Column(7, TimeIntervalOf(&SubtreeRow::age))
          .Column(8, Gauge32Of(&SubtreeRow::last_duration))
          .Column(9, Gauge32Of(&SubtreeRow::instance_errors))
          .Column(10, Gauge32Of(&SubtreeRow::instances))
          .Column(11, Counter64Of(&SubtreeRow::memory))
          .Column(12, DisplayStringOf(&SubtreeRow::last_error));
  return table;
}

// A DisplayString, which has at most 255 characters.
std::string ErrorText(const absl::Status& error) {
  if (error.ok()) return "";
  return absl::CEscape(error.ToString()).substr(0, 255);
}

SubtreeRow MakeRow(const Statistics::Subtree& subtree, int32_t index) {
  SubtreeRow row;
  row.index = index;
  row.root = subtree.root;
  row.instances = subtree.instances;
  row.memory = subtree.memory;
  if (!subtree.has_update) return row;
  row.updates = subtree.updates;
  row.failures = subtree.failures;
  row.unchanged = subtree.unchanged;
  row.instance_errors = subtree.instance_errors;
  row.last_error = ErrorText(subtree.last_error);
  if (subtree.running_time) {
    row.running_since = absl::Now() - *subtree.running_time;
  }
  // The types end after 71 minutes and 248 days. A larger value would be
  // reported as an error of this table.
  if (subtree.updates > 0) {
    row.last_duration =
        std::min<int64_t>(absl::ToInt64Microseconds(subtree.last_duration),
                          std::numeric_limits<uint32_t>::max());
  }
  if (subtree.age) {
    row.age = std::min(*subtree.age, absl::Milliseconds(10) *
                                         std::numeric_limits<int32_t>::max());
  }
  return row;
}

// `objects` is the OID of the objects of the module, which have no rows.
std::vector<SubtreeRow> ReadSubtrees(const AgentMonitor& monitor,
                                     const Oid& objects) {
  std::vector<SubtreeRow> rows;
  int32_t index = 0;
  for (const Statistics::Subtree& subtree : monitor.GetStatistics().subtrees) {
    if (subtree.root.StartsWith(objects)) continue;
    rows.push_back(MakeRow(subtree, ++index));
  }
  return rows;
}

uint64_t CountSets(const Statistics& statistics) {
  return statistics.peer[Operation(Set()).index()].count +
         statistics.peer[Operation(TestSet()).index()].count;
}

uint64_t Sum(const Statistics::ByKind& by_kind,
             uint64_t Statistics::Requests::*counter) {
  uint64_t sum = 0;
  for (const Statistics::Requests& requests : by_kind) {
    sum += requests.*counter;
  }
  return sum;
}

Oid Below(const Oid& root, std::initializer_list<uint32_t> arcs) {
  return Concat(root, Oid(arcs));
}

}  // namespace

void AddHealthSubtree(AgentBuilder& builder, absl::StatusOr<Oid> root) {
  const auto monitor = std::make_shared<AgentMonitor*>(nullptr);
  builder.OnBuild([monitor](AgentMonitor& of_agent) { *monitor = &of_agent; });
  // Build() reports a root that is not an OID as that of the table.
  const Oid objects = root.ok() ? Below(*root, {1}) : Oid();
  builder.AddTableOnDemand(
      root, absl::Seconds(1), SubtreeTable(),
      [monitor, objects] { return ReadSubtrees(**monitor, objects); });
  if (!root.ok()) return;

  // A scalar is what `get` makes of the statistics.
  const auto scalar = [&monitor](auto get) {
    return [monitor, get] { return get((*monitor)->GetStatistics()); };
  };
  using S = const Statistics&;
  builder
      .AddScalar(Below(objects, {1, 1}),
                 TimeTicksOf(scalar([](S s) { return s.uptime; })))
      .AddScalar(Below(objects, {1, 2}), Counter64Of(scalar([](S s) {
                   return Sum(s.peer, &Statistics::Requests::count);
                 })))
      .AddScalar(Below(objects, {1, 3}), Counter64Of(scalar(CountSets)))
      .AddScalar(Below(objects, {1, 4}), Counter64Of(scalar([](S s) {
                   return Sum(s.peer, &Statistics::Requests::refused);
                 })))
      .AddScalar(Below(objects, {1, 5}),
                 Counter64Of(scalar([](S s) { return s.error_count; })))
      .AddScalar(Below(objects, {1, 6}),
                 Counter64Of(scalar([](S s) { return s.late_answers; })));
}

}  // namespace passpersist
