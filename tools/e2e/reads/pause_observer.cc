// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/reads/pause_observer.h"

#include <time.h>

#include <utility>
#include <variant>

#include "passpersist/pdu.h"

namespace passpersist_testing {

using passpersist::Event;
using passpersist::GetNext;
using passpersist::Oid;
using passpersist::RequestEvent;

namespace {

// The time that this thread has computed.
absl::Duration ComputingTime() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

}  // namespace

PauseObserver::PauseObserver(Oid entry, const std::string& path)
    : entry_(std::move(entry)), file_(path, std::ios::app) {}

void PauseObserver::OnEvent(const Event& event) {
  const auto* const done = std::get_if<RequestEvent>(&event.what);
  if (done == nullptr || !done->request) return;
  const auto* const next = std::get_if<GetNext>(&done->request->operation);
  const bool is_column =
      next != nullptr && next->ranges[0].start.size() == entry_.size() + 1;
  const absl::Time begun = event.time - done->duration;
  const absl::Duration computed = ComputingTime();
  if (!is_column || !was_column_) pdu_begun_ = begun;
  const bool paused = begun - begun_ >= absl::Milliseconds(20) &&
                      computed - computed_ < absl::Milliseconds(5);
  if (is_column && (paused || begun - pdu_begun_ >= absl::Milliseconds(250))) {
    file_ << next->ranges[0].start[entry_.size()] << std::endl;
  }
  begun_ = begun;
  computed_ = computed;
  was_column_ = is_column;
}

size_t CountPauses(const std::string& path, uint32_t first_column,
                   uint32_t last_column) {
  std::ifstream file(path);
  size_t count = 0;
  for (uint32_t column; file >> column;) {
    count += first_column < column && column <= last_column;
  }
  return count;
}

}  // namespace passpersist_testing
