// SPDX-License-Identifier: Apache-2.0
//
// Serves one column of 100,000 rows from a TrieStore: the INTEGER at
// .1.3.6.1.4.1.8072.9999.9999.1.N is N. An argument is the path of a debug
// socket, or "no-early-pong": then each PING is answered when it arrives.
// tools/count_instructions counts what a request costs this program.

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/value.h"
#include "store/trie_store.h"
#include "transport/debug/debug_codec.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"
#include "transport/posix/unix_listener.h"

namespace {

using passpersist::Contents;
using passpersist::Integer32;

constexpr int32_t kRows = 100'000;

absl::Status Update(Contents& contents) {
  for (int32_t row = 1; row <= kRows; ++row) {
    contents.Put({1, static_cast<uint32_t>(row)}, Integer32{row});
  }
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  const absl::string_view argument = argc > 1 ? argv[1] : "";
  passpersist::PassPersistCodec::Options options;
  options.early_pong = argument != "no-early-pong";
  passpersist::AgentBuilder builder;
  builder.SetTransport(passpersist::FdTransport::Stdio())
      .SetCodec(std::make_unique<passpersist::PassPersistCodec>(options))
      .SetStoreFactory(passpersist::TrieStore::Factory())
      .SetScheduler(std::make_unique<passpersist::ThreadScheduler>())
      // A busy machine takes longer than the usual time, under valgrind.
      .SetFirstUpdateTimeout(absl::InfiniteDuration())
      .AddSubtree(passpersist::Oid::Parse(".1.3.6.1.4.1.8072.9999.9999"),
                  absl::Hours(24), Update);
  if (!argument.empty() && options.early_pong) {
    builder.AddListener(passpersist::UnixListener::Listen(argv[1]),
                        passpersist::DebugCodec::Factory());
  }
  passpersist::AgentMain(builder.Build());
}
