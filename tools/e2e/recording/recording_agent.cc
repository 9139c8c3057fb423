// SPDX-License-Identifier: Apache-2.0
//
// Records its conversation with snmpd:
//
//   recording_agent RECORDING SOCKET [changed]
//
// SOCKET is its debug socket. With "changed", the agent has another number at
// 1, another type at 2, no second row at 3, and refuses with another error
// at 4.

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/setter.h"
#include "tools/e2e/snmpd/snmpd_agent.h"
#include "transport/debug/debug_codec.h"
#include "transport/posix/unix_listener.h"
#include "transport/recording/recorder.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

absl::Status Update(bool changed, Contents& contents) {
  contents.Put({1, 0}, Integer32{changed ? 6 : 5});
  contents.Put({2, 0},
               changed ? Value(Gauge32{5}) : Value(OctetString{"text"}));
  for (uint32_t row = 1; row <= 3; ++row) {
    if (row == 2 && changed) continue;
    contents.Put({3, row}, Counter32{row});
  }
  contents.Put({4, 0}, Integer32{1});
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const bool changed = argc > 3;
  builder
      .AddSubtree(Playpen(), absl::Hours(1),
                  [=](Contents& contents) { return Update(changed, contents); })
      .AddSetter(Playpen({1}), MakeSetter([](const Oid&, const Value&) {
                   return ErrorStatus::kNoError;
                 }))
      .AddSetter(Playpen({4}), MakeSetter([=](const Oid&, const Value&) {
                   return changed ? ErrorStatus::kInconsistentValue
                                  : ErrorStatus::kWrongValue;
                 }))
      .AddObserver(Recorder::Open(argv[1]))
      .AddListener(UnixListener::Listen(argv[2]), DebugCodec::Factory());
  AgentMain(builder.Build());
}
