// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent_builder.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent/agent_impl.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/agent_builder_spec.h"
#include "passpersist/changes.h"
#include "passpersist/listener.h"
#include "passpersist/scheduling/clock.h"
#include "passpersist/scheduling/scheduler.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/setter.h"
#include "passpersist/sys_up_time.h"
#include "passpersist/table/computed_store.h"
#include "passpersist/table/computed_table.h"
#include "passpersist/table/live_table.h"
#include "passpersist/table/table_update.h"
#include "passpersist/transport.h"

namespace passpersist {

using internal::AgentImpl;
using internal::AgentParts;
using internal::MibTree;
using internal::Subtree;
using table_internal::LiveTableCore;

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
      {std::move(root), nullptr, {period, std::move(update)}, options, {}});
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
  spec_->subtrees.push_back({std::move(root), std::move(store), {}, {}, {}});
  return *this;
}

AgentBuilder& AgentBuilder::AddTable(absl::StatusOr<Oid> root,
                                     std::shared_ptr<LiveTableCore> table) {
  Spec::FillFn fill;
  const table_internal::Declaration* declaration = nullptr;
  if (table != nullptr) {
    declaration = &table->declaration();
    root = declaration->RootBelow(root);
    fill = [table = std::move(table)](const Spec::Target& target) {
      return table->Attach(
          {target.store, target.root, target.sys_up_time_zero,
           [errors = target.errors](const absl::Status& error) {
             errors->Report(error);
           }});
    };
  }
  spec_->subtrees.push_back(
      {std::move(root), nullptr, {}, {}, std::move(fill)});
  spec_->subtrees.back().table = declaration;
  return *this;
}

absl::StatusOr<Oid> AgentBuilder::RootOfTable(
    const absl::StatusOr<Oid>& root, const table_internal::Declaration& table) {
  return table.RootBelow(root);
}

AgentBuilder& AgentBuilder::AddReadTable(
    absl::StatusOr<Oid> root, absl::Duration period,
    const table_internal::Declaration* table, table_internal::ReadRowsFn read,
    const SubtreeOptions& options, bool on_demand) {
  root = table->RootBelow(root);
  const size_t root_arcs = root.ok() ? root->size() : 0;
  AddSubtree(std::move(root), period,
             table_internal::MakeUpdate(table, root_arcs, std::move(read)),
             options);
  spec_->subtrees.back().update.on_demand = on_demand;
  spec_->subtrees.back().table = table;
  return *this;
}

AgentBuilder& AgentBuilder::AddComputedTable(
    absl::StatusOr<Oid> root, const table_internal::Declaration* table,
    std::shared_ptr<computed_internal::TableRows> rows) {
  if (root.ok() && table->last_change) {
    root = absl::InvalidArgumentError(
        absl::StrCat("table ", root->ToString(),
                     " is computed, so its LastChange() is not known: serve it "
                     "by AddScalar()"));
  } else if (root.ok() && table->row_count && !rows->rows->has_size()) {
    root = absl::InvalidArgumentError(absl::StrCat(
        "table ", root->ToString(),
        " has FunctionRows, whose RowCount() is not known: serve it by "
        "AddScalar()"));
  }
  if (root.ok() && table->row_count) {
    Oid object = *root;
    object.Truncate(object.size() - table->oid.size());
    object.Append(*table->row_count);
    AddScalarObject(std::move(object),
                    {[rows](absl::Time) -> ComputedValue::Result {
                       size_t count = 0;
                       absl::Status status = rows->rows->Read(
                           [&] { count = rows->rows->size(); });
                       if (!status.ok()) return status;
                       return Gauge32::FromNumberSaturated(count);
                     },
                     ComputedValue::Cost::kCheap});
  }
  spec_->subtrees.push_back({std::move(root), nullptr, {}, {}, nullptr});
  spec_->subtrees.back().open = [rows, table](const Spec::Target& target) {
    rows->sys_up_time_zero = target.sys_up_time_zero;
    std::vector<uint32_t> columns;
    for (const table_internal::Column& column : table->columns) {
      if (column.is_accessible) columns.push_back(column.id);
    }
    // The functions of the rows refer to `rows`.
    return computed_internal::NewComputedStore(
        std::shared_ptr<const computed_internal::UntypedRows>(rows,
                                                              rows->rows.get()),
        std::move(columns),
        [errors = target.errors](const absl::Status& error) {
          errors->Report(error);
        });
  };
  return *this;
}

AgentBuilder& AgentBuilder::AddScalarObject(absl::StatusOr<Oid> object,
                                            Scalar scalar) {
  Spec::FillFn fill = [scalar = std::move(scalar)](const Spec::Target& target) {
    Changes changes;
    changes.PutComputed(
        {0},
        ComputedValue([read = scalar.read,
                       zero = target.sys_up_time_zero] { return read(zero()); },
                      scalar.cost));
    return target.store->Apply(changes);
  };
  spec_->subtrees.push_back(
      {std::move(object), nullptr, {}, {}, std::move(fill)});
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

void AgentBuilder::ExpectOnly(Oid name, bool is_next) {
  spec_->parts.only_request = {std::move(name), is_next};
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

AgentBuilder& AgentBuilder::OnBuild(
    absl::AnyInvocable<void(AgentMonitor&)> callback) {
  spec_->build_callbacks.push_back(std::move(callback));
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

absl::StatusOr<std::unique_ptr<Agent>> AgentBuilder::Build() {
  const std::unique_ptr<Spec> spec =
      std::exchange(spec_, std::make_unique<Spec>());
  Spec::Problems problems;
  spec->FindRegions();
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
  // An error of the source is reported before each update: see SysUpTimeReader.
  const auto sys_up_time_zero = [source = spec->parts.sys_up_time,
                                 clock = spec->parts.clock,
                                 start = spec->parts.clock->Now()] {
    const absl::Time own = absl::Now() - (clock->Now() - start);
    return source == nullptr ? own : source->Zero().value_or(own);
  };
  for (Spec::SubtreeSpec& subtree : spec->subtrees) {
    if (subtree.open != nullptr) {
      subtree.store =
          subtree.open({nullptr, *subtree.root, sys_up_time_zero, errors});
    }
    if (subtree.store == nullptr) subtree.store = spec->store_factory();
    if (subtree.store == nullptr) {
      problems.Add("the store factory returned null for ",
                   subtree.root->ToString());
    } else if (subtree.fill != nullptr) {
      const absl::Status status = subtree.fill(
          {subtree.store, *subtree.root, sys_up_time_zero, errors});
      if (!status.ok()) {
        problems.Add("subtree ", subtree.root->ToString(), ": ",
                     status.message());
      }
    }
  }
  if (!problems.status().ok()) return problems.status();

  MibTree::Subtrees subtrees;
  for (Spec::SubtreeSpec& subtree : spec->subtrees) {
    subtrees.push_back(std::make_unique<Subtree>(
        *std::move(subtree.root), std::move(subtree.base),
        std::move(subtree.regions), std::move(subtree.store),
        /*is_updated=*/subtree.update.function != nullptr,
        subtree.options.max_age,
        /*is_live_table=*/subtree.fill != nullptr && subtree.table != nullptr));
    if (subtree.update.function == nullptr ||
        !spec->MayAnswer(subtrees.back()->regions())) {
      continue;
    }
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
  std::unique_ptr<Agent> agent(
      new Agent(std::make_unique<AgentImpl>(std::move(parts))));
  for (auto& callback : spec->build_callbacks) callback(agent->monitor());
  return agent;
}

}  // namespace passpersist
