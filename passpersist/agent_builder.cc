// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent_builder.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent/agent_impl.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/agent/subtree_update.h"
#include "passpersist/changes.h"
#include "passpersist/error_callback.h"
#include "passpersist/monotonic_clock.h"
#include "passpersist/sys_up_time.h"
#include "passpersist/table/live_table.h"
#include "passpersist/thread_scheduler.h"

namespace passpersist {

using internal::AgentImpl;
using internal::AgentParts;
using internal::ErrorReporter;
using internal::MibTree;
using internal::Subtree;
using internal::SubtreeUpdate;
using table_internal::LiveTableCore;

namespace {

// The problems of a specification, in the order in which Build() finds them.
class Problems {
 public:
  template <typename... Pieces>
  void Add(const Pieces&... pieces) {
    problems_.push_back(absl::StrCat(pieces...));
  }

  absl::Status status() const {
    if (problems_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrCat(
        "no agent can be built: ", absl::StrJoin(problems_, "; ")));
  }

 private:
  std::vector<std::string> problems_;
};

// True if a prefix of `oid` is one of the roots.
bool IsIn(const std::set<Oid>& roots, const Oid& oid) {
  Oid prefix = oid;
  for (; roots.count(prefix) == 0; prefix.Truncate(prefix.size() - 1)) {
    if (prefix.empty()) return false;
  }
  return true;
}

}  // namespace

// What the builder was told.
struct AgentBuilder::Spec {
  struct SubtreeSpec {
    absl::StatusOr<Oid> root;
    std::shared_ptr<OidStore> store;  // null: the factory makes it
    SubtreeUpdate::Options update;    // without a function: none
    SubtreeOptions options;
    std::optional<ComputedValue> scalar;
    std::shared_ptr<LiveTableCore> live_table;
  };

  struct SetterSpec {
    absl::StatusOr<Oid> root;
    std::unique_ptr<Setter> setter;
  };

  Spec() {
    parts.clock = std::make_shared<MonotonicClock>();
    parts.first_update_timeout = absl::Seconds(5);
    parts.waiting_limit = absl::Milliseconds(500);
  }

  void CheckParts(Problems* problems) const;
  void CheckSubtrees(Problems* problems) const;
  static void CheckUpdate(const std::string& name, const SubtreeSpec& spec,
                          Problems* problems);
  void CheckSetters(Problems* problems) const;
  void CheckSecrets(Problems* problems) const;
  std::set<Oid> SubtreeRoots() const;
  void RemoveWhatIsNotServed(Problems* problems);
  std::shared_ptr<ErrorReporter> MakeErrorReporter();

  AgentParts parts;
  StoreFactory store_factory;
  std::vector<SubtreeSpec> subtrees;
  std::vector<SetterSpec> setters;
  std::vector<absl::StatusOr<Oid>> secrets;
  absl::StatusOr<Oid> base = Oid();
  bool requires_durable_setters = false;
};

AgentBuilder::AgentBuilder() : spec_(std::make_unique<Spec>()) {}
AgentBuilder::~AgentBuilder() = default;
AgentBuilder::AgentBuilder(AgentBuilder&&) noexcept = default;
AgentBuilder& AgentBuilder::operator=(AgentBuilder&&) noexcept = default;

AgentBuilder& AgentBuilder::SetTransport(std::unique_ptr<Transport> transport) {
  spec_->parts.transport = std::move(transport);
  return *this;
}

AgentBuilder& AgentBuilder::SetCodec(std::unique_ptr<Codec> codec) {
  spec_->parts.codec = std::move(codec);
  return *this;
}

AgentBuilder& AgentBuilder::SetStoreFactory(StoreFactory factory) {
  spec_->store_factory = std::move(factory);
  return *this;
}

bool AgentBuilder::has_store_factory() const {
  return spec_->store_factory != nullptr;
}

AgentBuilder& AgentBuilder::SetScheduler(std::unique_ptr<Scheduler> scheduler) {
  spec_->parts.scheduler = std::move(scheduler);
  return *this;
}

AgentBuilder& AgentBuilder::AddSubtree(absl::StatusOr<Oid> root,
                                       absl::Duration period, UpdateFn update,
                                       SubtreeOptions options) {
  spec_->subtrees.push_back(
      {std::move(root), nullptr, {period, std::move(update)}, options, {}, {}});
  return *this;
}

AgentBuilder& AgentBuilder::AddSubtreeOnDemand(absl::StatusOr<Oid> root,
                                               absl::Duration time_to_live,
                                               UpdateFn update,
                                               SubtreeOptions options) {
  AddSubtree(std::move(root), time_to_live, std::move(update), options);
  spec_->subtrees.back().update.on_demand = true;
  return *this;
}

AgentBuilder& AgentBuilder::AddSubtree(absl::StatusOr<Oid> root,
                                       std::shared_ptr<OidStore> store) {
  spec_->subtrees.push_back(
      {std::move(root), std::move(store), {}, {}, {}, {}});
  return *this;
}

AgentBuilder& AgentBuilder::AddTable(absl::StatusOr<Oid> root,
                                     std::shared_ptr<LiveTableCore> table) {
  if (table != nullptr) root = table->declaration().RootBelow(root);
  spec_->subtrees.push_back(
      {std::move(root), nullptr, {}, {}, {}, std::move(table)});
  return *this;
}

AgentBuilder& AgentBuilder::AddComputedScalar(absl::StatusOr<Oid> object,
                                              ComputedValue value) {
  spec_->subtrees.push_back(
      {std::move(object), nullptr, {}, {}, std::move(value), {}});
  return *this;
}

AgentBuilder& AgentBuilder::AddSetter(absl::StatusOr<Oid> root,
                                      std::unique_ptr<Setter> setter) {
  spec_->setters.push_back({std::move(root), std::move(setter)});
  return *this;
}

AgentBuilder& AgentBuilder::AddSecret(absl::StatusOr<Oid> root) {
  spec_->secrets.push_back(std::move(root));
  return *this;
}

AgentBuilder& AgentBuilder::ServeOnly(absl::StatusOr<Oid> base) {
  spec_->base = std::move(base);
  return *this;
}

AgentBuilder& AgentBuilder::RequireDurableSetters() {
  spec_->requires_durable_setters = true;
  return *this;
}

bool AgentBuilder::has_transport() const {
  return spec_->parts.transport != nullptr;
}

AgentBuilder& AgentBuilder::AddListener(std::unique_ptr<Listener> listener,
                                        CodecFactory make_codec) {
  spec_->parts.listeners.push_back(
      {std::move(listener), std::move(make_codec)});
  return *this;
}

AgentBuilder& AgentBuilder::AddObserver(std::unique_ptr<Observer> observer) {
  spec_->parts.observers.push_back(std::move(observer));
  return *this;
}

AgentBuilder& AgentBuilder::OnError(ErrorCallback callback) {
  spec_->parts.error_callback = std::move(callback);
  return *this;
}

AgentBuilder& AgentBuilder::SetFirstUpdateTimeout(absl::Duration timeout) {
  spec_->parts.first_update_timeout = timeout;
  return *this;
}

AgentBuilder& AgentBuilder::SetWaitingLimit(absl::Duration limit) {
  spec_->parts.waiting_limit = limit;
  return *this;
}

AgentBuilder& AgentBuilder::SetLateValueAge(absl::Duration age) {
  spec_->parts.computed_values.kept_answer = age;
  return *this;
}

AgentBuilder& AgentBuilder::SetMaxLateValues(size_t count) {
  spec_->parts.computed_values.late_calls = count;
  return *this;
}

AgentBuilder& AgentBuilder::SetWalkLifetime(absl::Duration lifetime) {
  spec_->parts.reading.walk_lifetime = lifetime;
  return *this;
}

AgentBuilder& AgentBuilder::SetMaxOldSnapshotMemory(size_t bytes) {
  spec_->parts.reading.max_old_snapshot_memory = bytes;
  return *this;
}

AgentBuilder& AgentBuilder::SetClock(std::shared_ptr<Clock> clock) {
  spec_->parts.clock = std::move(clock);
  return *this;
}

AgentBuilder& AgentBuilder::SetSysUpTime(
    std::shared_ptr<SysUpTime> sys_up_time) {
  spec_->parts.sys_up_time = std::move(sys_up_time);
  return *this;
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
  const bool needs_store = std::any_of(
      subtrees.begin(), subtrees.end(), [](const SubtreeSpec& spec) {
        return spec.scalar.has_value() || spec.live_table != nullptr;
      });
  if ((updates || needs_store) && store_factory == nullptr) {
    problems->Add("no store factory");
  }
  if (updates && parts.scheduler == nullptr) problems->Add("no scheduler");
  for (const auto& observer : parts.observers) {
    if (observer == nullptr) problems->Add("an observer is null");
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
    if (parts.codec != nullptr) {
      const absl::Status status = parts.codec->CheckRoot(*spec.root);
      if (!status.ok()) problems->Add(name, ": ", status.message());
    }
    if (spec.store == nullptr && spec.update.function == nullptr &&
        !spec.scalar.has_value() && spec.live_table == nullptr) {
      problems->Add(name, " has neither a store nor an update");
    }
    if (spec.update.function != nullptr) CheckUpdate(name, spec, problems);
  }
  // In the order of the roots, those within a subtree come right after it.
  std::vector<const SubtreeSpec*> sorted;
  for (const SubtreeSpec& spec : subtrees) {
    if (spec.root.ok()) sorted.push_back(&spec);
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const SubtreeSpec* a, const SubtreeSpec* b) {
              return *a->root < *b->root;
            });
  for (auto outer = sorted.begin(); outer != sorted.end(); ++outer) {
    for (auto inner = outer + 1;
         inner != sorted.end() && (*inner)->root->StartsWith(*(*outer)->root);
         ++inner) {
      const auto [first, second] = std::minmax(*outer, *inner);
      problems->Add("subtrees ", first->root->ToString(), " and ",
                    second->root->ToString(), " overlap");
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
  const std::set<Oid> roots = SubtreeRoots();
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
  const std::set<Oid> roots = SubtreeRoots();
  for (const absl::StatusOr<Oid>& root : secrets) {
    if (!root.ok()) {
      problems->Add("root of a secret: ", root.status().message());
    } else if (!IsIn(roots, *root)) {
      problems->Add("secret ", root->ToString(), " is not in a subtree");
    }
  }
}

std::set<Oid> AgentBuilder::Spec::SubtreeRoots() const {
  std::set<Oid> roots;
  for (const SubtreeSpec& spec : subtrees) {
    if (spec.root.ok()) roots.insert(*spec.root);
  }
  return roots;
}

// Called after the checks, which are for everything that was added.
void AgentBuilder::Spec::RemoveWhatIsNotServed(Problems* problems) {
  const auto is_not_served = [&](const SubtreeSpec& spec) {
    return !spec.root->StartsWith(*base) && !base->StartsWith(*spec.root);
  };
  subtrees.erase(
      std::remove_if(subtrees.begin(), subtrees.end(), is_not_served),
      subtrees.end());
  if (subtrees.empty()) {
    problems->Add("no subtree is at or below ", base->ToString());
  }
  const std::set<Oid> roots = SubtreeRoots();
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

absl::StatusOr<std::unique_ptr<Agent>> AgentBuilder::Build() {
  const std::unique_ptr<Spec> spec =
      std::exchange(spec_, std::make_unique<Spec>());
  Problems problems;
  spec->CheckParts(&problems);
  spec->CheckSubtrees(&problems);
  spec->CheckSetters(&problems);
  spec->CheckSecrets(&problems);
  if (!spec->base.ok()) {
    problems.Add("base: ", spec->base.status().message());
  }
  if (!problems.status().ok()) return problems.status();
  spec->RemoveWhatIsNotServed(&problems);
  if (!problems.status().ok()) return problems.status();

  std::sort(spec->subtrees.begin(), spec->subtrees.end(),
            [](const Spec::SubtreeSpec& a, const Spec::SubtreeSpec& b) {
              return *a.root < *b.root;
            });
  const auto errors = spec->MakeErrorReporter();
  // A source that fails is reported before each update: see SysUpTimeReader.
  const std::shared_ptr<SysUpTime>& sys_up_time = spec->parts.sys_up_time;
  const absl::Time sys_up_time_zero =
      sys_up_time == nullptr ? absl::Now()
                             : sys_up_time->Zero().value_or(absl::Now());
  for (Spec::SubtreeSpec& subtree : spec->subtrees) {
    if (subtree.store == nullptr) subtree.store = spec->store_factory();
    if (subtree.store == nullptr) {
      problems.Add("the store factory returned null for ",
                   subtree.root->ToString());
    } else if (subtree.scalar.has_value()) {
      Changes changes;
      changes.PutComputed({0}, *std::move(subtree.scalar));
      const absl::Status status = subtree.store->Apply(changes);
      if (!status.ok()) {
        problems.Add("scalar ", subtree.root->ToString(), ": ",
                     status.message());
      }
    } else if (subtree.live_table != nullptr) {
      const absl::Status status = subtree.live_table->Attach(
          {subtree.store, *subtree.root, sys_up_time_zero,
           [errors](const absl::Status& error) { errors->Report(error); }});
      if (!status.ok()) {
        problems.Add("table ", subtree.root->ToString(), ": ",
                     status.message());
      }
    }
  }
  if (!problems.status().ok()) return problems.status();

  MibTree::Subtrees subtrees;
  for (Spec::SubtreeSpec& subtree : spec->subtrees) {
    subtrees.push_back(std::make_unique<Subtree>(
        *std::move(subtree.root), std::move(subtree.store),
        /*is_updated=*/subtree.update.function != nullptr,
        subtree.options.max_age));
    if (subtree.update.function == nullptr) continue;
    subtree.update.is_strict = subtree.options.strict;
    subtree.update.waiting_limit = spec->parts.waiting_limit;
    spec->parts.updates.push_back(
        {subtrees.back().get(), std::move(subtree.update)});
  }
  MibTree::Setters setters;
  for (Spec::SetterSpec& setter : spec->setters) {
    setters.emplace(*std::move(setter.root), std::move(setter.setter));
  }
  std::vector<Oid> secrets;
  for (auto& root : spec->secrets) secrets.push_back(*std::move(root));
  AgentParts parts = std::move(spec->parts);
  // Without updates, setters and computed values may still need its threads.
  if (parts.scheduler == nullptr) {
    parts.scheduler = std::make_unique<ThreadScheduler>();
  }
  parts.computed_values.late = parts.waiting_limit;
  parts.mib_tree = std::make_unique<MibTree>(
      std::move(subtrees), std::move(setters), std::move(secrets));
  return std::unique_ptr<Agent>(
      new Agent(std::make_unique<AgentImpl>(std::move(parts))));
}

}  // namespace passpersist
