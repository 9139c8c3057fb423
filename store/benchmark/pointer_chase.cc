// SPDX-License-Identifier: Apache-2.0

#include "store/benchmark/pointer_chase.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>

#include "store/benchmark/stopwatch.h"

namespace passpersist::benchmark {

PointerChase::PointerChase(size_t bytes) : lines_(bytes / sizeof(Line) + 1) {
  // Sattolo's shuffle, whose result is a single ring.
  std::mt19937 random(5);
  for (uint32_t i = 0; i < lines_.size(); ++i) lines_[i].next = i;
  for (size_t i = lines_.size() - 1; i > 0; --i) {
    std::swap(lines_[i].next, lines_[random() % i].next);
  }
}

double PointerChase::Run(size_t steps) {
  Stopwatch watch;
  watch.Start();
  for (size_t i = 0; i < steps; ++i) at_ = lines_[at_].next;
  watch.Stop();
  return watch.Per(steps);
}

}  // namespace passpersist::benchmark
