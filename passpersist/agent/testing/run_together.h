// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_TESTING_RUN_TOGETHER_H_
#define PASSPERSIST_AGENT_TESTING_RUN_TOGETHER_H_

#include <atomic>
#include <thread>

#include "absl/functional/function_ref.h"

namespace passpersist::internal {

// Calls `first` on another thread and `second` on this one, at the same time,
// and returns when both have returned. A test calls it many times with all
// values of `round`: one of the two gets a head start that depends on it, so
// that each moment of one meets each moment of the other.
inline void RunTogether(int round, absl::FunctionRef<void()> first,
                        absl::FunctionRef<void()> second) {
  constexpr int kHeadStarts = 64;
  std::atomic<int> ready = 0;
  const auto begin = [&ready](int steps) {
    ++ready;
    while (ready < 2) std::this_thread::yield();
    for (std::atomic<int> step = 0; step < steps; ++step) {
    }
  };
  const int head_start = 16 * (round % kHeadStarts);
  const bool first_waits = round / kHeadStarts % 2 == 0;
  std::thread other([&] {
    begin(first_waits ? head_start : 0);
    first();
  });
  begin(first_waits ? 0 : head_start);
  second();
  other.join();
}

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_TESTING_RUN_TOGETHER_H_
