// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent.h"

#include <utility>

#include "passpersist/agent/agent_impl.h"

namespace passpersist {

Agent::Agent(std::unique_ptr<internal::AgentImpl> impl)
    : impl_(std::move(impl)) {}

Agent::~Agent() = default;

absl::Status Agent::Run() { return impl_->Run(); }

absl::Status Agent::Notify(const Notification& notification) {
  return impl_->Notify(notification);
}

void Agent::Shutdown() { impl_->Shutdown(); }

AgentMonitor& Agent::monitor() { return impl_->monitor(); }

}  // namespace passpersist
