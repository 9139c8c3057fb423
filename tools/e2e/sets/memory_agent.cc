// SPDX-License-Identifier: Apache-2.0
//
// Serves a value of every type that snmpset can change, in memory only: a value
// that was set is lost when the process ends.

#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/setter.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

// Safe for concurrent use.
class Objects {
 public:
  SetResult Set(const Oid& suffix, const Value& value) {
    internal::MutexLock lock(mutex_);
    values_[suffix] = value;
    return ErrorStatus::kNoError;
  }

  absl::Status Update(Contents& contents) {
    internal::MutexLock lock(mutex_);
    for (const auto& [suffix, value] : values_) contents.Put(suffix, value);
    return absl::OkStatus();
  }

 private:
  absl::Mutex mutex_;
  std::map<Oid, Value> values_ = {
      {{1, 0}, Integer32{-5}},
      {{2, 0}, Gauge32{5}},
      {{3, 0}, TimeTicks{100}},
      {{4, 0}, IpAddress{{10, 1, 2, 3}}},
      {{5, 0}, ObjectIdentifier{{1, 3, 6, 1, 4, 1, 8072}}},
      {{6, 0}, OctetString{"text"}},
      {{7, 0}, Counter32{7}},
  };
};

}  // namespace

int main() {
  Objects objects;
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  builder
      .AddSubtree(
          Playpen(), absl::Hours(1),
          [&objects](Contents& contents) { return objects.Update(contents); })
      .AddSetter(Playpen(),
                 MakeSetter([&objects](const Oid& suffix, const Value& value) {
                   return objects.Set(suffix, value);
                 }));
  AgentMain(builder.Build());
}
