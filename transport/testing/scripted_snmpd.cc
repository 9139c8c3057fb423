// SPDX-License-Identifier: Apache-2.0

#include "transport/testing/scripted_snmpd.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "transport/pass_persist/pass_persist_codec.h"

namespace passpersist_testing {

using passpersist::AgentBuilder;
using passpersist::PassPersistCodec;

namespace {

// The defaults of Net-SNMP's tools.
constexpr absl::Duration kTimeout = absl::Seconds(1);
constexpr int kRetries = 5;

constexpr char kNone[] = "NONE";

std::string NameOf(const std::string& instance) {
  return instance.substr(0, instance.find(" = "));
}

}  // namespace

ScriptedSnmpd::ScriptedSnmpd(std::shared_ptr<Simulation> simulation,
                             std::function<AgentBuilder()> make_agent)
    : simulation_(std::move(simulation)), make_agent_(std::move(make_agent)) {
  Restart();
}

void ScriptedSnmpd::Restart() {
  agent_.reset();
  AgentBuilder builder = make_agent_();
  builder.SetClock(simulation_);
  agent_.emplace(std::move(builder), std::make_unique<PassPersistCodec>(),
                 simulation_->NewScheduler());
}

ScriptedSnmpd::Names ScriptedSnmpd::Get(const Names& names) {
  return Execute([&] {
    Names values;
    for (const std::string& name : names) {
      AwaitTurn();
      values.push_back(agent_->Get(name));
    }
    return values;
  });
}

ScriptedSnmpd::Names ScriptedSnmpd::GetNext(const Names& names) {
  return GetBulk(names, 1);
}

ScriptedSnmpd::Names ScriptedSnmpd::GetBulk(const Names& names,
                                            int max_repetitions) {
  return Execute([&] {
    Names instances;
    Names next = names;
    for (int i = 0; i < max_repetitions; ++i) {
      for (std::string& name : next) {
        if (name == kNone) continue;
        AwaitTurn();
        instances.push_back(agent_->GetNext(name));
        name = NameOf(instances.back());
      }
    }
    return instances;
  });
}

ScriptedSnmpd::Names ScriptedSnmpd::Set(
    const std::vector<std::pair<std::string, std::string>>& values) {
  return Execute([&] {
    Names answers;
    for (const auto& [name, value] : values) {
      AwaitTurn();
      answers.push_back(agent_->Set(name, value));
    }
    return answers;
  });
}

ScriptedSnmpd::Names ScriptedSnmpd::BulkWalk(const std::string& root,
                                             int max_repetitions) {
  Names walked;
  std::string name = root;
  while (true) {
    for (const std::string& instance : GetBulk({name}, max_repetitions)) {
      if (!absl::StartsWith(instance, absl::StrCat(root, "."))) return walked;
      walked.push_back(instance);
      name = NameOf(instance);
    }
  }
}

ScriptedSnmpd::Names ScriptedSnmpd::Execute(const std::function<Names()>& pdu) {
  const absl::Duration sent = simulation_->Now();
  simulation_->Advance(timing_.pdu);
  std::optional<Names> answer;
  absl::Duration answered;
  for (int sends = 1;; ++sends) {
    asked_ = 0;
    const absl::Duration begun = simulation_->Now();
    Names executed = pdu();
    const absl::Duration now = simulation_->Now();
    longest_ = std::max(longest_, now - begun);
    if (!answer) {
      answer = std::move(executed);
      answered = now;
    }
    if (sends > kRetries || answered - sent < sends * kTimeout) break;
    ++repeated_;
  }
  return *answer;
}

void ScriptedSnmpd::AwaitTurn() {
  simulation_->Advance(timing_.name);
  if (pause_ && pause_->first == asked_) {
    simulation_->Advance(pause_->second);
    pause_.reset();
  }
  ++asked_;
}

}  // namespace passpersist_testing
