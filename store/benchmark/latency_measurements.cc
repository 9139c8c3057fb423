// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "passpersist/oid_store.h"
#include "store/benchmark/measurement.h"
#include "store/benchmark/read_value.h"
#include "store/benchmark/stopwatch.h"

namespace passpersist::benchmark {
namespace {

using Clock = std::chrono::steady_clock;

// Counts durations in steps of 8 ns, up to half a millisecond.
//
// Used by one thread at a time.
class Histogram {
 public:
  void Add(Clock::duration time) {
    const auto place = static_cast<size_t>(time.count()) / kWidth;
    ++counts_[std::min(place, counts_.size() - 1)];
    ++size_;
  }

  // The 99.9th percentile, in nanoseconds.
  double Percentile999() const {
    size_t place = 0;
    size_t sum = 0;
    while ((sum += counts_[place]) < size_ - size_ / 1000) ++place;
    return static_cast<double>((place + 1) * kWidth);
  }

 private:
  static constexpr size_t kWidth = 8;

  std::array<uint32_t, 1 << 16> counts_ = {};
  size_t size_ = 0;
};

// Measures wall time, which includes whatever the reader waits for. The reader
// takes the newest snapshot every few gets.
double SlowGets(const Scene& scene) {
  constexpr size_t kGetsInASnapshot = 16;
  const auto histogram = std::make_unique<Histogram>();
  const Clock::time_point end =
      Clock::now() + absl::ToChronoNanoseconds(scene.latency_time);
  std::unique_ptr<Iterator> at = scene.subject.NewIterator();
  size_t last = 0;
  Clock::time_point now;
  do {
    for (size_t i = 0; i < scene.queries.size(); ++i) {
      const Clock::time_point begin = Clock::now();
      if (i % kGetsInASnapshot == 0) at = scene.subject.NewIterator();
      at->Seek(scene.queries[i ^ (last & 1)]);
      last = ReadValueAt(*at);
      now = Clock::now();
      histogram->Add(now - begin);
    }
  } while (now < end);
  Use(last);
  return histogram->Percentile999();
}

std::optional<double> SlowGetsWithoutWriter(const Scene& scene) {
  if (scene.subject.store() == nullptr) return std::nullopt;
  return SlowGets(scene);
}

std::optional<double> SlowGetsWhileReplaced(const Scene& scene) {
  if (scene.subject.store() == nullptr) return std::nullopt;
  absl::Notification done;
  std::thread writer([&] {
    do {
      Stopwatch watch;
      scene.subject.Load(scene.data, &watch);
    } while (!done.WaitForNotificationWithTimeout(absl::Seconds(1)));
  });
  const double time = SlowGets(scene);
  done.Notify();
  writer.join();
  return time;
}

}  // namespace

std::vector<Measurement> LatencyMeasurements() {
  constexpr int kEveryThird = 3;
  return {
      {"99.9 % of gets, ns", SlowGetsWithoutWriter, kEveryThird},
      {"the same while replaced, ns", SlowGetsWhileReplaced, kEveryThird},
  };
}

}  // namespace passpersist::benchmark
