// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/statistics_text.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "tools/passpersist/text/printable.h"
#include "tools/passpersist/text/quantity_text.h"
#include "tools/passpersist/text/text_table.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {
namespace {

using Requests = debug::Statistics::Requests;
using Subtree = debug::Statistics::Subtree;

constexpr auto kRight = TextTable::Align::kRight;

std::string Text(const google::protobuf::Duration& duration) {
  return DurationText(FromProto(duration));
}

// The counts of the earlier sample, by kind or root. They give the rates.
class Rates {
 public:
  Rates(const debug::Statistics& now, const debug::Statistics* before) {
    if (before == nullptr) return;
    seconds_ = absl::ToDoubleSeconds(FromProto(now.uptime()) -
                                     FromProto(before->uptime()));
  }

  void Add(const std::string& key, uint64_t count) { counts_[key] = count; }

  // The rate per second since the earlier sample. Empty without one, or if
  // `count` went back.
  std::string Of(const std::string& key, uint64_t count) const {
    // A kind missing from the earlier sample had the count 0.
    const auto found = counts_.find(key);
    const uint64_t former = found == counts_.end() ? 0 : found->second;
    if (seconds_ <= 0 || count < former) return "";
    return RateText(static_cast<double>(count - former) / seconds_);
  }

 private:
  double seconds_ = 0;
  std::map<std::string, uint64_t> counts_;
};

void AppendRequests(
    absl::string_view title,
    const google::protobuf::RepeatedPtrField<Requests>& requests,
    const Rates& rates, const Palette& palette, std::string* out) {
  if (requests.empty()) return;
  TextTable table({{std::string(title)},
                   {"COUNT", kRight},
                   {"/S", kRight},
                   {"REFUSED", kRight},
                   {"ABSENT", kRight},
                   {"MEAN", kRight},
                   {"P50", kRight},
                   {"P90", kRight},
                   {"P99", kRight},
                   {"P99.9", kRight},
                   {"MAX", kRight}});
  for (const Requests& kind : requests) {
    const debug::Statistics::Latency& latency = kind.latency();
    table.AddRow(
        {Printable(absl::StrReplaceAll(kind.kind(), {{"_", " "}})),
         absl::StrCat(kind.count()), rates.Of(kind.kind(), kind.count()),
         absl::StrCat(kind.refused()), absl::StrCat(kind.absent()),
         Text(latency.mean()), Text(latency.p50()), Text(latency.p90()),
         Text(latency.p99()), Text(latency.p999()), Text(latency.max())});
  }
  absl::StrAppend(out, "\n", table.Take(palette));
}

std::string ProgressText(const Subtree& subtree) {
  if (!subtree.updating()) return "";
  if (!subtree.has_running_time()) return "updating";
  return absl::StrCat("updating for ", Text(subtree.running_time()));
}

void AppendSubtrees(const debug::Statistics& now, const Rates& rates,
                    const Palette& palette, std::string* out) {
  if (now.subtrees().empty()) return;
  TextTable table({{"SUBTREE"},
                   {"INSTANCES", kRight},
                   {"MEMORY", kRight},
                   {"UPDATES", kRight},
                   {"/S", kRight},
                   {"FAILED", kRight},
                   {"UNCHANGED", kRight},
                   {"ERRORS", kRight},
                   {"TOOK", kRight},
                   {"AGE", kRight},
                   {""}});
  for (const Subtree& subtree : now.subtrees()) {
    table.AddRow(
        {Printable(subtree.root()), absl::StrCat(subtree.instances()),
         BytesText(subtree.memory()), absl::StrCat(subtree.updates()),
         rates.Of(subtree.root(), subtree.updates()),
         absl::StrCat(subtree.failures()), absl::StrCat(subtree.unchanged()),
         absl::StrCat(subtree.instance_errors()),
         subtree.has_last_duration() ? Text(subtree.last_duration()) : "",
         subtree.has_age() ? Text(subtree.age()) : "", ProgressText(subtree)});
  }
  absl::StrAppend(out, "\n", table.Take(palette));
  for (const Subtree& subtree : now.subtrees()) {
    if (!subtree.has_last_error()) continue;
    absl::StrAppend(
        out,
        palette.Paint(Palette::Style::kRed,
                      absl::StrCat("failed ", Text(subtree.last_error_age()),
                                   " ago: ", StatusText(subtree.last_error()))),
        "\n");
  }
}

void AppendErrors(const debug::Statistics& now, absl::TimeZone zone,
                  const Palette& palette, std::string* out) {
  if (now.errors().empty()) return;
  TextTable table({{"LAST"}, {"COUNT", kRight}, {"ERROR"}});
  for (const debug::Statistics::Error& error : now.errors()) {
    table.AddRow(
        {absl::FormatTime("%m-%d %H:%M:%S", FromProto(error.last()), zone),
         absl::StrCat(error.count()), StatusText(error.status())});
  }
  absl::StrAppend(out, "\n", table.Take(palette));
}

}  // namespace

std::string StatusText(const debug::Status& status) {
  return Printable(FromProto(status).ToString());
}

std::string StatisticsText(const debug::Statistics& now,
                           const debug::Statistics* before, absl::TimeZone zone,
                           const Palette& palette) {
  Rates peer(now, before);
  Rates debug_clients(now, before);
  Rates subtrees(now, before);
  if (before != nullptr) {
    for (const Requests& kind : before->peer()) {
      peer.Add(kind.kind(), kind.count());
    }
    for (const Requests& kind : before->debug_clients()) {
      debug_clients.Add(kind.kind(), kind.count());
    }
    for (const Subtree& subtree : before->subtrees()) {
      subtrees.Add(subtree.root(), subtree.updates());
    }
  }
  std::string out = absl::StrCat(
      "up ", Text(now.uptime()), "; debug clients: ", now.open_connections(),
      " open, ", now.total_connections(),
      " in total; late answers: ", now.late_answers(),
      "; errors: ", now.error_count(), "\n");
  AppendRequests("FROM SNMPD", now.peer(), peer, palette, &out);
  AppendRequests("FROM DEBUG CLIENTS", now.debug_clients(), debug_clients,
                 palette, &out);
  AppendSubtrees(now, subtrees, palette, &out);
  AppendErrors(now, zone, palette, &out);
  return out;
}

}  // namespace passpersist::tool
