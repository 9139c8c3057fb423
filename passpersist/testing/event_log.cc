// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/event_log.h"

#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist_testing {

using passpersist::Description;
using passpersist::Event;
using passpersist::RequestEvent;
using passpersist::UpdateEvent;

std::string Text(const Event& event) {
  if (const auto* const request = std::get_if<RequestEvent>(&event.what)) {
    return absl::StrCat("said \"", absl::CEscape(request->received),
                        "\", got \"", absl::CEscape(request->sent), "\"");
  }
  if (const auto* const run = std::get_if<UpdateEvent>(&event.what)) {
    return absl::StrCat("update of ", run->root.ToString(), ": ",
                        run->status.ToString(), ", ", run->instances,
                        " instances");
  }
  return absl::StrCat("error: ", std::get<absl::Status>(event.what).ToString());
}

void EventLog::OnStart(const Description& description) {
  std::string text = "an agent of";
  for (const Description::Subtree& subtree : description.subtrees) {
    absl::StrAppend(&text, " ", subtree.root.ToString());
  }
  passpersist::internal::MutexLock lock(mutex_);
  events_.push_back(std::move(text));
}

void EventLog::OnEvent(const Event& event) {
  passpersist::internal::MutexLock lock(mutex_);
  events_.push_back(Text(event));
}

void EventLog::Flush() {
  passpersist::internal::MutexLock lock(mutex_);
  events_.push_back("flushed");
}

std::vector<std::string> EventLog::Take() {
  passpersist::internal::MutexLock lock(mutex_);
  return std::exchange(events_, {});
}

}  // namespace passpersist_testing
