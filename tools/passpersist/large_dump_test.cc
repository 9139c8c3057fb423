// SPDX-License-Identifier: Apache-2.0
//
// A dump of a million instances, which never holds more than a few pages of
// them in memory.

#include <malloc.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/row_index.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"
#include "store/trie_store.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_client.h"
#include "transport/debug/debug_codec.h"
#include "transport/memory/in_memory_transport.h"
#include "transport/pass_persist/pass_persist_client.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/unix_client.h"
#include "transport/posix/unix_listener.h"
#include "transport/testing/scoped_temp_dir.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define PASSPERSIST_SANITIZED
// From <sanitizer/allocator_interface.h>, which not every compiler has.
extern "C" size_t __sanitizer_get_current_allocated_bytes();
#endif

namespace passpersist_testing {
namespace {

using passpersist::Agent;
using passpersist::AgentBuilder;
using passpersist::ConnectUnix;
using passpersist::Contents;
using passpersist::Counter64;
using passpersist::DebugClient;
using passpersist::DebugCodec;
using passpersist::InMemoryTransport;
using passpersist::Oid;
using passpersist::PassPersistClient;
using passpersist::PassPersistCodec;
using passpersist::RowIndex;
using passpersist::Transport;
using passpersist::TrieStore;
using passpersist::UnixListener;
namespace debug = passpersist::debug;

constexpr char kPath[] = "agent.sock";

constexpr uint32_t kColumns = 10;

// MemoryInUse() returns the allocated memory of this process, in bytes.
#ifdef PASSPERSIST_SANITIZED
constexpr uint32_t kRows = 5'000;  // a row takes many times as long
size_t MemoryInUse() { return __sanitizer_get_current_allocated_bytes(); }
#else
constexpr uint32_t kRows = 100'000;
size_t MemoryInUse() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}
#endif

constexpr uint32_t kInstances = kColumns * kRows;

// The size of a few pages, in the agent and in the client. All instances take
// many times as much.
constexpr size_t kMaxGrowth = 1 << 20;

// An agent with a table of kInstances numbers.
class LargeDumpTest : public testing::Test {
 protected:
  LargeDumpTest() {
    auto [snmpd_end, agent_end] = InMemoryTransport::MakePair();
    snmpd_end_ = std::move(snmpd_end);
    AgentBuilder builder;
    builder.SetTransport(std::move(agent_end))
        .SetCodec(std::make_unique<PassPersistCodec>())
        .AddSubtree(Oid{1, 3}, Table())
        .AddListener(UnixListener::Listen(kPath), DebugCodec::Factory());
    agent_ = builder.Build().value();
    runner_ = std::thread([this] { EXPECT_THAT(agent_->Run(), IsOk()); });
  }

  ~LargeDumpTest() override {
    snmpd_end_.reset();
    runner_.join();
  }

  static std::shared_ptr<TrieStore> Table() {
    const auto rows = RowIndex::UpTo(kRows);
    Contents contents;
    for (uint32_t column = 1; column <= kColumns; ++column) {
      contents.PutColumn({1, column}, rows, std::vector<Counter64>(kRows));
    }
    auto store = std::make_shared<TrieStore>();
    EXPECT_THAT(store->Replace(std::move(contents)), IsOk());
    return store;
  }

  const ScopedTempDir directory_;
  std::unique_ptr<Transport> snmpd_end_;
  std::unique_ptr<Agent> agent_;
  std::thread runner_;
};

TEST_F(LargeDumpTest, UsesLittleMemoryAlsoWhileTheClientDoesNotRead) {
  PassPersistClient snmpd(snmpd_end_.get());
  const std::unique_ptr<Transport> client_end = ConnectUnix(kPath).value();
  DebugClient client(client_end.get());
  debug::Request warm_up;
  warm_up.mutable_describe();
  ASSERT_THAT(client.Call(warm_up), IsOk());

  const size_t before = MemoryInUse();
  size_t most = before;
  uint32_t count = 0;
  const auto take = [&](const debug::DumpEntry&) {
    if (count == 0) {
      // The debug client has the first page and doesn't read on, while snmpd
      // sends requests.
      for (int i = 0; i < 1000; ++i) {
        EXPECT_THAT(snmpd.GetValue(Oid{1, 3, 1, 1, 7}), IsOk());
      }
    }
    if (count % 1000 == 0) most = std::max(most, MemoryInUse());
    ++count;
    return absl::OkStatus();
  };
  EXPECT_THAT(client.Dump(debug::Dump(), take), IsOk());
  EXPECT_EQ(count, kInstances);
  EXPECT_LT(most - before, kMaxGrowth);
}

}  // namespace
}  // namespace passpersist_testing
