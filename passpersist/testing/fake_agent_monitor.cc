// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/fake_agent_monitor.h"

#include <algorithm>

#include "absl/status/status.h"

namespace passpersist_testing {

using passpersist::Description;
using passpersist::Event;
using passpersist::InstanceInfo;
using passpersist::Observer;
using passpersist::Oid;
using passpersist::Statistics;
using passpersist::UpdateEvent;
using passpersist::UpdateRun;

void FakeAgentMonitor::Publish(const Event& event) const {
  for (Observer* const observer : observers) observer->OnEvent(event);
}

Description FakeAgentMonitor::Describe() const { return description; }

Statistics FakeAgentMonitor::GetStatistics() const { return statistics; }

InstanceInfo FakeAgentMonitor::GetInstanceInfo(const Oid& oid) const {
  const auto info = instance_info.find(oid);
  return info == instance_info.end() ? InstanceInfo() : info->second;
}

std::shared_ptr<const UpdateRun> FakeAgentMonitor::StartUpdate(
    const Oid& root) {
  UpdateEvent unfinished;
  unfinished.root = root;
  unfinished.status = absl::DeadlineExceededError("the update still runs");
  runs.push_back(std::make_shared<UpdateRun>(unfinished));
  return runs.back();
}

UpdateEvent FakeAgentMonitor::RunUpdate(const Oid& root, absl::Duration) {
  return StartUpdate(root)->result();
}

void FakeAgentMonitor::AddObserver(Observer* observer) {
  observer->OnStart(description);
  observers.push_back(observer);
}

void FakeAgentMonitor::RemoveObserver(Observer* observer) {
  observers.erase(std::remove(observers.begin(), observers.end(), observer),
                  observers.end());
}

}  // namespace passpersist_testing
