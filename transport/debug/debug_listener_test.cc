// SPDX-License-Identifier: Apache-2.0
//
// The debug protocol on a real socket, concurrent with requests of snmpd: the
// agent answers snmpd for any behaviour of debug clients.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "passpersist/value.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_client.h"
#include "transport/debug/debug_codec.h"
#include "transport/debug/debug_framing.h"
#include "transport/memory/in_memory_transport.h"
#include "transport/pass_persist/pass_persist_client.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/unix_client.h"
#include "transport/posix/unix_listener.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::FakeStore;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::_;

constexpr char kPath[] = "agent.sock";

// An agent with a table of 20,000 strings, many more bytes than the buffer of a
// socket holds.
class DebugListenerTest : public testing::Test {
 protected:
  static constexpr uint32_t kRows = 20'000;

  DebugListenerTest() {
    auto [snmpd_end, agent_end] = InMemoryTransport::MakePair();
    snmpd_end_ = std::move(snmpd_end);
    AgentBuilder builder;
    builder.SetTransport(std::move(agent_end))
        .SetCodec(std::make_unique<PassPersistCodec>())
        .AddSubtree(Oid{1, 3}, Table())
        .OnError(log_.Hook())
        .AddListener(UnixListener::Listen(kPath), DebugCodec::Factory());
    agent_ = builder.Build().value();
    runner_ = std::thread([this] { EXPECT_THAT(agent_->Run(), IsOk()); });
  }

  ~DebugListenerTest() override { Stop(); }

  static std::unique_ptr<FakeStore> Table() {
    auto store = std::make_unique<FakeStore>();
    Contents contents;
    for (uint32_t row = 1; row <= kRows; ++row) {
      contents.Put({1, row}, OctetString{std::string(100, 'x')});
    }
    EXPECT_THAT(store->Replace(std::move(contents)), IsOk());
    return store;
  }

  // Closes snmpd's end and waits for the agent.
  void Stop() {
    snmpd_end_.reset();
    if (runner_.joinable()) runner_.join();
  }

  static std::unique_ptr<Transport> Connect() {
    return ConnectUnix(kPath).value();
  }

  // Sends the request `text` and does not wait for the answer.
  static void Send(Transport* client, const std::string& text) {
    debug::Request request;
    ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &request));
    std::string bytes;
    AppendFrame(request, &bytes);
    ASSERT_THAT(client->Write(bytes), IsOk());
  }

  // Sends requests of snmpd.
  void ExpectSnmpdIsAnswered() {
    // One client for the connection: it may have received the PONG of its next
    // PING.
    if (!snmpd_) snmpd_.emplace(snmpd_end_.get());
    for (int i = 0; i < 100; ++i) {
      ASSERT_THAT(snmpd_->GetValue(Oid{1, 3, 1, 7}), IsOk());
    }
  }

  passpersist_testing::ScopedTempDir directory_;
  ErrorLog log_;
  std::unique_ptr<Transport> snmpd_end_;
  std::optional<PassPersistClient> snmpd_;
  std::unique_ptr<Agent> agent_;
  std::thread runner_;
};

TEST_F(DebugListenerTest, ManyClientsAreServedAtOnce) {
  std::vector<std::unique_ptr<Transport>> connections;
  for (int i = 0; i < 10; ++i) connections.push_back(Connect());
  for (const auto& connection : connections) {
    DebugClient client(connection.get());
    debug::Request request;
    request.mutable_get_statistics();
    const auto response = client.Call(request);
    ASSERT_THAT(response, IsOk());
    EXPECT_EQ(response->statistics().subtrees(0).instances(), kRows);
    ExpectSnmpdIsAnswered();
  }
}

TEST_F(DebugListenerTest, SnmpdIsAnsweredWhileAClientReadsNothing) {
  const std::unique_ptr<Transport> client = Connect();
  Send(client.get(), "dump {}");
  // The agent has begun to send the dump, but blocks on most of it.
  std::string received;
  ASSERT_THAT(client->Read(&received, absl::Seconds(20)), IsOk());
  ExpectSnmpdIsAnswered();
}

TEST_F(DebugListenerTest, SnmpdIsAnsweredWhileAClientStopsWithinARequest) {
  const std::unique_ptr<Transport> client = Connect();
  ASSERT_THAT(client->Write("\x05"), IsOk());
  const std::unique_ptr<Transport> other = Connect();
  Send(other.get(), "watch { wait { seconds: 30 } }");
  ExpectSnmpdIsAnswered();
}

TEST_F(DebugListenerTest,
       TheEndOfTheAgentEndsAllConnectionsAndRemovesTheSocket) {
  const std::unique_ptr<Transport> idle = Connect();
  const std::unique_ptr<Transport> not_reading = Connect();
  Send(not_reading.get(), "dump {}");
  const std::unique_ptr<Transport> waiting = Connect();
  Send(waiting.get(), "watch { wait { seconds: 30 } }");
  std::string received;
  ASSERT_THAT(not_reading->Read(&received, absl::Seconds(20)), IsOk());
  const absl::Time begin = absl::Now();
  Stop();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(20));
  EXPECT_FALSE(std::filesystem::exists(kPath));
  EXPECT_THAT(ConnectUnix(kPath), StatusIs(absl::StatusCode::kNotFound, _));
  absl::StatusOr<size_t> read = idle->Read(&received, absl::Seconds(20));
  ASSERT_THAT(read, IsOk());
  EXPECT_EQ(*read, 0u);
}

TEST_F(DebugListenerTest,
       AClientThatSendsNonsenseReceivesAProblemAndIsDisconnected) {
  const std::unique_ptr<Transport> client = Connect();
  ASSERT_THAT(client->Write(std::string(10, '\xff')), IsOk());
  std::string received;
  absl::StatusOr<size_t> read;
  do {
    read = client->Read(&received, absl::Seconds(20));
  } while (read.ok() && *read > 0);
  EXPECT_THAT(received, testing::HasSubstr("length"));
  log_.Await();
  ExpectSnmpdIsAnswered();
}

}  // namespace
}  // namespace passpersist
