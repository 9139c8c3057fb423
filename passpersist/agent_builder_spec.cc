// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent_builder_spec.h"

#include <algorithm>
#include <utility>

#include "passpersist/error_callback.h"
#include "passpersist/scheduling/monotonic_clock.h"

namespace passpersist {

using internal::AgentParts;
using internal::ErrorReporter;

namespace {

// True if a prefix of `oid` is one of the roots.
bool IsIn(const std::set<Oid>& roots, const Oid& oid) {
  Oid prefix = oid;
  for (; roots.count(prefix) == 0; prefix.Truncate(prefix.size() - 1)) {
    if (prefix.empty()) return false;
  }
  return true;
}

}  // namespace

AgentBuilder::Spec::Spec() {
  parts.clock = std::make_shared<MonotonicClock>();
  parts.first_update_timeout = absl::Seconds(5);
  parts.waiting_limit = absl::Milliseconds(500);
}

void AgentBuilder::Spec::FindRegions() {
  for (SubtreeSpec& spec : subtrees) {
    if (!spec.root.ok()) continue;
    spec.base = *spec.root;
    spec.regions = {*spec.root};
    // A computed table has no scalars in its store.
    if (spec.table == nullptr || spec.open != nullptr) continue;
    const table_internal::Declaration& table = *spec.table;
    Oid outer = spec.base;
    outer.Truncate(outer.size() - table.oid.size());
    for (const auto* const object : {&table.row_count, &table.last_change}) {
      if (object->has_value()) spec.regions.push_back(Concat(outer, **object));
    }
    spec.base.Truncate(outer.size() + table.MakeLayout().base_arcs);
  }
}

void AgentBuilder::Spec::CheckParts(Problems* problems) const {
  if (parts.transport == nullptr) problems->Add("no transport");
  if (parts.codec == nullptr) problems->Add("no codec");
  if (parts.clock == nullptr) problems->Add("no clock");
  if (subtrees.empty()) problems->Add("no subtree");
  if (parts.waiting_limit <= absl::ZeroDuration()) {
    problems->Add("a waiting limit of ",
                  absl::FormatDuration(parts.waiting_limit));
  }
  const bool updates = std::any_of(
      subtrees.begin(), subtrees.end(),
      [](const SubtreeSpec& spec) { return spec.update.function != nullptr; });
  const bool fills =
      std::any_of(subtrees.begin(), subtrees.end(),
                  [](const SubtreeSpec& spec) { return spec.fill != nullptr; });
  if ((updates || fills) && store_factory == nullptr) {
    problems->Add("no store factory");
  }
  if (updates && parts.scheduler == nullptr) problems->Add("no scheduler");
  for (const auto& observer : parts.observers) {
    if (observer == nullptr) problems->Add("an observer is null");
  }
  for (const auto& callback : build_callbacks) {
    if (callback == nullptr) problems->Add("a callback of OnBuild() is null");
  }
  for (const AgentParts::ListenerSpec& spec : parts.listeners) {
    if (spec.listener == nullptr) problems->Add("a listener is null");
    if (spec.make_codec == nullptr) {
      problems->Add("a listener has no codec factory");
    }
  }
}

void AgentBuilder::Spec::CheckSubtrees(Problems* problems) const {
  for (const SubtreeSpec& spec : subtrees) {
    if (!spec.root.ok()) {
      problems->Add("root of a subtree: ", spec.root.status().message());
      continue;
    }
    const std::string name = absl::StrCat("subtree ", spec.root->ToString());
    if (spec.root->empty()) problems->Add(name, " has an empty root");
    for (const Oid& region : spec.regions) {
      if (parts.codec == nullptr) break;
      const absl::Status status = parts.codec->CheckRoot(region);
      if (!status.ok()) problems->Add(name, ": ", status.message());
    }
    if (spec.store == nullptr && spec.update.function == nullptr &&
        spec.fill == nullptr && spec.open == nullptr) {
      problems->Add(name, " has neither a store nor an update");
    }
    if (spec.update.function != nullptr) CheckUpdate(name, spec, problems);
  }
  // In the order of the roots, those within a subtree come right after it.
  std::vector<std::pair<Oid, size_t>> sorted;  // in the order of adding
  for (const SubtreeSpec& spec : subtrees) {
    for (const Oid& region : spec.regions) {
      sorted.emplace_back(region, sorted.size());
    }
  }
  std::sort(sorted.begin(), sorted.end());
  for (auto outer = sorted.begin(); outer != sorted.end(); ++outer) {
    for (auto inner = outer + 1;
         inner != sorted.end() && inner->first.StartsWith(outer->first);
         ++inner) {
      const bool is_first = outer->second < inner->second;
      const auto& first = is_first ? *outer : *inner;
      const auto& second = is_first ? *inner : *outer;
      problems->Add("subtrees ", first.first.ToString(), " and ",
                    second.first.ToString(), " overlap");
    }
  }
}

void AgentBuilder::Spec::CheckUpdate(const std::string& name,
                                     const SubtreeSpec& spec,
                                     Problems* problems) {
  const bool on_demand = spec.update.on_demand;
  const absl::Duration time = spec.update.period;
  const absl::string_view what = on_demand ? "time to live" : "period";
  if (on_demand ? time < absl::ZeroDuration() : time <= absl::ZeroDuration()) {
    problems->Add(name, " has a ", what, " of ", absl::FormatDuration(time));
  } else if (spec.options.max_age != absl::InfiniteDuration() &&
             spec.options.max_age <= time) {
    problems->Add(name, " has a maximum age of ",
                  absl::FormatDuration(spec.options.max_age),
                  ", which is not above its ", what, " of ",
                  absl::FormatDuration(time));
  }
}

void AgentBuilder::Spec::CheckSetters(Problems* problems) const {
  const std::set<Oid> roots = RegionRoots();
  std::set<Oid> added;
  for (const SetterSpec& spec : setters) {
    if (!spec.root.ok()) {
      problems->Add("root of a setter: ", spec.root.status().message());
      continue;
    }
    const std::string name = absl::StrCat("setter ", spec.root->ToString());
    if (spec.setter == nullptr) problems->Add(name, " is null");
    if (!IsIn(roots, *spec.root)) problems->Add(name, " is not in a subtree");
    if (!added.insert(*spec.root).second) {
      problems->Add(name, " was added twice");
    }
  }
}

void AgentBuilder::Spec::CheckSecrets(Problems* problems) const {
  const std::set<Oid> roots = RegionRoots();
  for (const absl::StatusOr<Oid>& root : secrets) {
    if (!root.ok()) {
      problems->Add("root of a secret: ", root.status().message());
    } else if (!IsIn(roots, *root)) {
      problems->Add("secret ", root->ToString(), " is not in a subtree");
    }
  }
}

std::set<Oid> AgentBuilder::Spec::RegionRoots() const {
  std::set<Oid> roots;
  for (const SubtreeSpec& spec : subtrees) {
    roots.insert(spec.regions.begin(), spec.regions.end());
  }
  return roots;
}

// Called after the checks, which are for everything that was added.
void AgentBuilder::Spec::RemoveWhatIsNotServed(Problems* problems) {
  for (SubtreeSpec& spec : subtrees) {
    spec.regions.erase(std::remove_if(spec.regions.begin(), spec.regions.end(),
                                      [&](const Oid& region) {
                                        return !region.StartsWith(*base) &&
                                               !base->StartsWith(region);
                                      }),
                       spec.regions.end());
  }
  subtrees.erase(std::remove_if(subtrees.begin(), subtrees.end(),
                                [](const SubtreeSpec& spec) {
                                  return spec.regions.empty();
                                }),
                 subtrees.end());
  if (subtrees.empty()) {
    problems->Add("no subtree is at or below ", base->ToString());
  }
  const std::set<Oid> roots = RegionRoots();
  setters.erase(std::remove_if(setters.begin(), setters.end(),
                               [&](const SetterSpec& spec) {
                                 return !IsIn(roots, *spec.root);
                               }),
                setters.end());
  secrets.erase(std::remove_if(secrets.begin(), secrets.end(),
                               [&](const absl::StatusOr<Oid>& root) {
                                 return !IsIn(roots, *root);
                               }),
                secrets.end());
  if (!requires_durable_setters) return;
  // A null setter stays in the tree, so that a durable setter around it does
  // not get its SETs.
  for (SetterSpec& spec : setters) {
    if (!spec.setter->IsDurable()) spec.setter = nullptr;
  }
}

bool AgentBuilder::Spec::MayAnswer(const std::vector<Oid>& regions) const {
  if (!parts.only_request) return true;
  const internal::AgentParts::OnlyRequest& request = *parts.only_request;
  return std::any_of(regions.begin(), regions.end(), [&](const Oid& region) {
    return request.name.StartsWith(region) ||
           (request.is_next && request.name < region);
  });
}

// Shares the error callback between the agent and its live tables, which may
// outlive the agent. It is still called by one thread at a time.
std::shared_ptr<ErrorReporter> AgentBuilder::Spec::MakeErrorReporter() {
  if (parts.error_callback == nullptr) {
    parts.error_callback = SyslogErrors(parts.clock);
  }
  auto reporter =
      std::make_shared<ErrorReporter>(std::move(parts.error_callback));
  parts.error_callback = [reporter](const absl::Status& error) {
    reporter->Report(error);
  };
  return reporter;
}

}  // namespace passpersist
