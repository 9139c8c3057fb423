// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/absent_names.h"
#include "tools/passpersist/check/checks.h"
#include "tools/passpersist/check/sample.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist::tool {
namespace {

using Severity = Finding::Severity;

constexpr size_t kMaxGaps = 200;
constexpr size_t kMaxMissed = 1000;
constexpr uint32_t kMaxArc = std::numeric_limits<uint32_t>::max();

// Sorted as text, 10 follows 1.
constexpr uint32_t kReach = 9;

Oid Joined(absl::Span<const uint32_t> head, absl::Span<const uint32_t> tail) {
  Oid oid(head);
  oid.Append(tail);
  return oid;
}

// The space between two names that follow each other in the walk. The base is
// before the first gap, and nothing after the last.
struct Gap {
  bool Contains(const Oid& name) const {
    return name > before && (!after || name < *after) && name.StartsWith(base);
  }

  Oid base;
  Oid before;
  std::optional<Oid> after;
};

// Returns the first arcs of names in the gap: of the next row, the next column
// and so on.
std::vector<Oid> NextHeads(const Gap& gap) {
  std::vector<Oid> heads;
  for (size_t size = gap.before.size(); size > gap.base.size(); --size) {
    Oid head(gap.before.arcs().first(size - 1));
    const uint32_t arc = gap.before[size - 1];
    if (arc == kMaxArc) continue;
    head.Append(arc + 1);
    if (gap.Contains(head)) heads.push_back(std::move(head));
  }
  return heads;
}

// Returns the names at which a program has an instance if its names are
// regular. In a table these are the next rows in each column, the next columns
// in each row, and the row before.
std::vector<Oid> LikelyNames(const Names& names, const Gap& gap) {
  std::vector<Oid> likely;
  const auto add = [&](Oid name) {
    if (gap.Contains(name)) likely.push_back(std::move(name));
  };
  if (gap.before == gap.base) {
    for (const Oid& suffix : {Oid{0}, Oid{1}, Oid{1, 0}, Oid{1, 1}}) {
      add(Concat(gap.base, suffix));
    }
  }
  for (size_t size = gap.before.size(); size > gap.base.size(); --size) {
    Oid head(gap.before.arcs().first(size - 1));
    // The first instance beside this one: in a table, that of the first row.
    const auto first = InstanceAfter(names, head);
    const uint32_t arc = gap.before[size - 1];
    for (uint32_t i = 1; i <= std::min(kReach, kMaxArc - arc); ++i) {
      head.Truncate(size - 1);
      head.Append(arc + i);
      if (first != names.instances.end() && first->oid.size() > size) {
        add(Joined(head.arcs(), first->oid.ArcsFrom(size)));
      }
      add(Joined(head.arcs(), gap.before.ArcsFrom(size)));
    }
  }
  if (!gap.after) return likely;
  for (size_t size = gap.after->size(); size > gap.base.size(); --size) {
    if ((*gap.after)[size - 1] == 0) continue;
    Oid head(gap.after->arcs().first(size - 1));
    head.Append((*gap.after)[size - 1] - 1);
    add(Joined(head.arcs(), gap.after->ArcsFrom(size)));
  }
  return likely;
}

// Looks for names that get answers and the walk doesn't find.
class MissedNames {
 public:
  MissedNames(Examination* examination, Conversation* conversation)
      : examination_(*examination),
        names_(examination->names()),
        talk_(*conversation) {}

  // Adds the missed names to those of the examination. Returns the first gap
  // with missed names, and its first and last one.
  struct Result {
    Gap gap;
    Oid first;
    Oid last;
    size_t count = 0;  // in all gaps
  };
  std::optional<Result> Run() {
    std::optional<Result> result;
    std::map<Oid, PassPersistReply> all;
    const size_t count = names_.instances.size();
    const size_t gaps = names_.walk == Names::Walk::kCut ? count : count + 1;
    for (const size_t i : Sample(gaps, kMaxGaps)) {
      Gap gap = {names_.base,
                 i == 0 ? names_.base : names_.instances[i - 1].oid,
                 std::nullopt};
      if (i < count) gap.after = names_.instances[i].oid;
      Search(gap);
      if (!missed_.empty() && !result) {
        result = {std::move(gap), missed_.begin()->first,
                  missed_.rbegin()->first};
      }
      all.merge(missed_);
      missed_.clear();
      if (Stops() || all.size() >= kMaxMissed) break;
    }
    if (result) result->count = all.size();
    for (auto& [oid, reply] : all) {
      names_.instances.insert(InstanceAfter(names_, oid),
                              {oid, std::move(reply)});
    }
    return result;
  }

  // Returns true if get answers with a value of the base itself.
  bool BaseHasValue() {
    return Get(names_.base) && !Get(Concat(names_.base, {kMaxArc}));
  }

 private:
  bool Stops() const {
    return broken_ || talk_.IsOlderThan(examination_.options().round_limit);
  }

  // Adds the names in a gap to missed_.
  void Search(const Gap& gap) {
    for (const Oid& name : LikelyNames(names_, gap)) {
      if (Stops()) return;
      if (missed_.count(name) == 0) Collect(gap, name);
    }
    // After a walk that ended with another answer than NONE, getnext may have
    // that answer again.
    if (!examination_.Has("end")) {
      for (const Oid& head : NextHeads(gap)) {
        if (Stops()) return;
        if (const std::optional<Oid> next = GetNext(head);
            next && gap.Contains(*next)) {
          Collect(gap, *next);
        }
      }
    }
    // Rows that have been added since the walk are not missed.
    if (missed_.empty() || examination_.Has("end")) return;
    if (GetNext(gap.before) != gap.after || broken_) missed_.clear();
  }

  // Adds `name` and the names after it, if there is an instance.
  void Collect(const Gap& gap, Oid name) {
    std::optional<PassPersistReply> reply = Find(name);
    while (reply && missed_.size() < kMaxMissed && !Stops()) {
      missed_.emplace(name, *std::move(reply));
      // The next row is found although getnext misses it, and the next column
      // although it has another name.
      Oid next = WithLastArc(name, name.back() + 1);
      reply = IsNew(gap, next) ? Find(next) : std::nullopt;
      if (!reply) {
        const std::optional<Oid> after = GetNext(name);
        if (!after || !IsNew(gap, *after)) return;
        next = *after;
        reply = Find(next);
      }
      name = std::move(next);
    }
  }

  bool IsNew(const Gap& gap, const Oid& name) const {
    return gap.Contains(name) && missed_.count(name) == 0;
  }

  // Returns the instance of `name`. None if get also answers for a name beside
  // it that can't be there: then no answer says anything.
  std::optional<PassPersistReply> Find(const Oid& name) {
    std::optional<PassPersistReply> reply = Get(name);
    if (!reply || name.back() == kMaxArc) return std::nullopt;
    const Oid control = WithLastArc(name, kMaxArc);
    const auto [entry, is_new] = any_name_.try_emplace(control, false);
    if (is_new) entry->second = Get(control).has_value();
    return entry->second ? std::nullopt : std::move(reply);
  }

  std::optional<PassPersistReply> Get(const Oid& name) {
    if (broken_) return std::nullopt;
    absl::StatusOr<PassPersistReply> reply =
        talk_.client().Get(name.ToString());
    if (!reply.ok()) Break(reply.status());
    if (!reply.ok() || !IsPresent(*reply) ||
        ReadPassPersistName(reply->name) != name) {
      return std::nullopt;
    }
    return *std::move(reply);
  }

  std::optional<Oid> GetNext(const Oid& name) {
    if (broken_) return std::nullopt;
    const absl::StatusOr<PassPersistReply> reply =
        talk_.client().GetNext(name.ToString());
    if (!reply.ok()) Break(reply.status());
    if (!reply.ok() || reply->absent()) return std::nullopt;
    return ReadPassPersistName(reply->name);
  }

  void Break(const absl::Status& status) {
    broken_ = true;
    if (!examination_.Has("end")) examination_.ReportBroken(status, talk_);
  }

  Examination& examination_;
  Names& names_;
  Conversation& talk_;
  std::map<Oid, PassPersistReply> missed_;  // in the current gap
  std::map<Oid, bool> any_name_;            // by the controls of Find()
  bool broken_ = false;
};

void ReportBaseValue(Conversation& conversation, Examination& examination) {
  examination.Explain("empty");
  examination.Report(
      Severity::kError, "base-value",
      absl::StrCat("the value at the base itself, ",
                   examination.names().base.ToString(),
                   ", is served to get, but no walk finds it"),
      conversation,
      "snmpd begins each walk by a getnext of the base, and the answer is a "
      "name after it (ucd-snmp/pass_persist.c, "
      "var_extensible_pass_persist()); the name of a scalar ends in .0");
}

absl::string_view Consequence(const absl::StatusOr<PassPersistReply>& next) {
  if (next.ok()) {
    return next->absent()
               ? "snmpd ends the walk there (ucd-snmp/pass_persist.c, "
                 "var_extensible_pass_persist()), and clients get no error; "
                 "getnext should skip a name without a value"
               : "snmpd passes on what getnext returns "
                 "(ucd-snmp/pass_persist.c, var_extensible_pass_persist()): "
                 "clients that walk don't see these names, and get no error";
  }
  if (absl::IsDeadlineExceeded(next.status())) {
    return "snmpd waits without a time-out (ucd-snmp/pass_persist.c, "
           "fgets()): a walk makes it answer no request any more";
  }
  return "snmpd kills the program there, in each walk, and clients see neither "
         "these names nor those of later pass_persist lines "
         "(ucd-snmp/pass_persist.c, var_extensible_pass_persist())";
}

// The evidence is the get of a missed name and the getnext that skips it.
void ReportMissed(const MissedNames::Result& missed, Conversation& conversation,
                  Examination& examination) {
  const std::string before = missed.gap.before.ToString();
  if (!conversation.client().Get(missed.first.ToString()).ok()) return;
  const absl::StatusOr<PassPersistReply> next =
      conversation.client().GetNext(before);
  std::string what = absl::StrCat("the walk misses ", missed.first.ToString());
  if (missed.last != missed.first) {
    absl::StrAppend(&what, " to ", missed.last.ToString());
  }
  absl::StrAppend(&what, ", which get answers: ");
  if (next.ok()) {
    absl::StrAppend(&what, "getnext ", before, " returns ",
                    next->absent() ? "NONE" : next->name);
  } else {
    absl::StrAppend(&what, next.status().message());
  }
  if (missed.gap.after && AreReversedAsText(missed.first, *missed.gap.after)) {
    absl::StrAppend(&what, kSortedAsText);
  }
  absl::StrAppend(&what, " (", missed.count, " of ",
                  examination.names().instances.size(), " names are missed)");
  examination.Explain("end");
  examination.Explain("empty");
  examination.Report(Severity::kError, "missed", std::move(what), conversation,
                     Consequence(next));
}

}  // namespace

void CheckMissedNames(Examination& examination) {
  if (!examination.in_sync() ||
      (examination.names().walk == Names::Walk::kBroken &&
       !examination.Has("end"))) {
    return;
  }
  std::optional<MissedNames::Result> missed;
  examination.RunProgram([&](Conversation& conversation) {
    MissedNames search(&examination, &conversation);
    if (search.BaseHasValue()) ReportBaseValue(conversation, examination);
    missed = search.Run();
  });
  if (!missed) return;
  examination.RunProgram([&](Conversation& conversation) {
    ReportMissed(*missed, conversation, examination);
  });
}

}  // namespace passpersist::tool
