// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent_builder.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/subtree.h"

namespace passpersist {

using internal::MibTree;
using internal::Subtree;

// The problems of a specification, in the order in which Build() finds them.
class AgentBuilder::Problems {
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

AgentBuilder::AgentBuilder() {
  parts_.clock = std::make_shared<MonotonicClock>();
  parts_.first_update_timeout = absl::Seconds(5);
  parts_.computed_value_timeout = absl::Milliseconds(500);
}

AgentBuilder& AgentBuilder::SetTransport(std::unique_ptr<Transport> transport) {
  parts_.transport = std::move(transport);
  return *this;
}

AgentBuilder& AgentBuilder::SetCodec(std::unique_ptr<Codec> codec) {
  parts_.codec = std::move(codec);
  return *this;
}

AgentBuilder& AgentBuilder::SetStoreFactory(StoreFactory factory) {
  store_factory_ = std::move(factory);
  return *this;
}

AgentBuilder& AgentBuilder::SetScheduler(std::unique_ptr<Scheduler> scheduler) {
  parts_.scheduler = std::move(scheduler);
  return *this;
}

AgentBuilder& AgentBuilder::AddSubtree(absl::StatusOr<Oid> root,
                                       absl::Duration period, UpdateFn update) {
  subtrees_.push_back({std::move(root), nullptr, period, std::move(update)});
  return *this;
}

AgentBuilder& AgentBuilder::AddSubtree(absl::StatusOr<Oid> root,
                                       std::shared_ptr<OidStore> store) {
  subtrees_.push_back({std::move(root), std::move(store), {}, nullptr});
  return *this;
}

AgentBuilder& AgentBuilder::AddSetter(absl::StatusOr<Oid> root,
                                      std::unique_ptr<Setter> setter) {
  setters_.push_back({std::move(root), std::move(setter)});
  return *this;
}

AgentBuilder& AgentBuilder::AddListener(std::unique_ptr<Listener> listener,
                                        CodecFactory make_codec) {
  parts_.listeners.push_back({std::move(listener), std::move(make_codec)});
  return *this;
}

AgentBuilder& AgentBuilder::AddObserver(std::unique_ptr<Observer> observer) {
  parts_.observers.push_back(std::move(observer));
  return *this;
}

AgentBuilder& AgentBuilder::OnError(ErrorCallback callback) {
  parts_.error_callback = std::move(callback);
  return *this;
}

AgentBuilder& AgentBuilder::SetFirstUpdateTimeout(absl::Duration timeout) {
  parts_.first_update_timeout = timeout;
  return *this;
}

AgentBuilder& AgentBuilder::SetComputedValueTimeout(absl::Duration timeout) {
  parts_.computed_value_timeout = timeout;
  return *this;
}

AgentBuilder& AgentBuilder::SetClock(std::shared_ptr<Clock> clock) {
  parts_.clock = std::move(clock);
  return *this;
}

void AgentBuilder::CheckParts(Problems* problems) const {
  if (parts_.transport == nullptr) problems->Add("no transport");
  if (parts_.codec == nullptr) problems->Add("no codec");
  if (parts_.clock == nullptr) problems->Add("no clock");
  if (subtrees_.empty()) problems->Add("no subtree");
  if (parts_.computed_value_timeout <= absl::ZeroDuration()) {
    problems->Add("a computed value timeout of ",
                  absl::FormatDuration(parts_.computed_value_timeout));
  }
  const bool updates = std::any_of(
      subtrees_.begin(), subtrees_.end(),
      [](const SubtreeSpec& spec) { return spec.update != nullptr; });
  if (updates && store_factory_ == nullptr) problems->Add("no store factory");
  if (updates && parts_.scheduler == nullptr) problems->Add("no scheduler");
  for (const auto& observer : parts_.observers) {
    if (observer == nullptr) problems->Add("an observer is null");
  }
  for (const Agent::ListenerSpec& spec : parts_.listeners) {
    if (spec.listener == nullptr) problems->Add("a listener is null");
    if (spec.make_codec == nullptr) {
      problems->Add("a listener has no codec factory");
    }
  }
}

void AgentBuilder::CheckSubtrees(Problems* problems) const {
  for (const SubtreeSpec& spec : subtrees_) {
    if (!spec.root.ok()) {
      problems->Add("root of a subtree: ", spec.root.status().message());
      continue;
    }
    const std::string name = absl::StrCat("subtree ", spec.root->ToString());
    if (spec.root->empty()) problems->Add(name, " has an empty root");
    if (parts_.codec != nullptr) {
      const absl::Status status = parts_.codec->CheckRoot(*spec.root);
      if (!status.ok()) problems->Add(name, ": ", status.message());
    }
    if (spec.store == nullptr && spec.update == nullptr) {
      problems->Add(name, " has neither a store nor an update");
    }
    if (spec.update != nullptr && spec.period <= absl::ZeroDuration()) {
      problems->Add(name, " has a period of ",
                    absl::FormatDuration(spec.period));
    }
  }
  for (auto a = subtrees_.begin(); a != subtrees_.end(); ++a) {
    for (auto b = subtrees_.begin(); b != a; ++b) {
      if (!a->root.ok() || !b->root.ok()) continue;
      if (a->root->StartsWith(*b->root) || b->root->StartsWith(*a->root)) {
        problems->Add("subtrees ", b->root->ToString(), " and ",
                      a->root->ToString(), " overlap");
      }
    }
  }
}

void AgentBuilder::CheckSetters(Problems* problems) const {
  for (auto a = setters_.begin(); a != setters_.end(); ++a) {
    if (!a->root.ok()) {
      problems->Add("root of a setter: ", a->root.status().message());
      continue;
    }
    const std::string name = absl::StrCat("setter ", a->root->ToString());
    if (a->setter == nullptr) problems->Add(name, " is null");
    const bool within = std::any_of(
        subtrees_.begin(), subtrees_.end(), [&](const SubtreeSpec& spec) {
          return spec.root.ok() && a->root->StartsWith(*spec.root);
        });
    if (!within) problems->Add(name, " is not in a subtree");
    if (std::any_of(setters_.begin(), a, [&](const SetterSpec& other) {
          return other.root.ok() && *other.root == *a->root;
        })) {
      problems->Add(name, " was added twice");
    }
  }
}

absl::StatusOr<std::unique_ptr<Agent>> AgentBuilder::Build() {
  AgentBuilder spec = std::exchange(*this, AgentBuilder());
  Problems problems;
  spec.CheckParts(&problems);
  spec.CheckSubtrees(&problems);
  spec.CheckSetters(&problems);
  if (!problems.status().ok()) return problems.status();

  std::sort(spec.subtrees_.begin(), spec.subtrees_.end(),
            [](const SubtreeSpec& a, const SubtreeSpec& b) {
              return *a.root < *b.root;
            });
  for (SubtreeSpec& subtree : spec.subtrees_) {
    if (subtree.store == nullptr) subtree.store = spec.store_factory_();
    if (subtree.store == nullptr) {
      problems.Add("the store factory returned null for ",
                   subtree.root->ToString());
    }
  }
  if (!problems.status().ok()) return problems.status();

  MibTree::Subtrees subtrees;
  for (SubtreeSpec& subtree : spec.subtrees_) {
    subtrees.push_back(std::make_unique<Subtree>(*std::move(subtree.root),
                                                 std::move(subtree.store)));
    if (subtree.update == nullptr) continue;
    spec.parts_.updates.push_back(
        {subtrees.back().get(), subtree.period, std::move(subtree.update)});
  }
  MibTree::Setters setters;
  for (SetterSpec& setter : spec.setters_) {
    setters.emplace(*std::move(setter.root), std::move(setter.setter));
  }
  Agent::Parts parts = std::move(spec.parts_);
  parts.mib_tree =
      std::make_unique<MibTree>(std::move(subtrees), std::move(setters));
  if (parts.error_callback == nullptr) {
    parts.error_callback = SyslogErrors(parts.clock);
  }
  return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

}  // namespace passpersist
