// SPDX-License-Identifier: Apache-2.0
//
// An agent with a UnixListener.

#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/transport.h"
#include "passpersist/value.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/testing/unix_listener_fixture.h"
#include "transport/posix/unix_client.h"
#include "transport/posix/unix_listener.h"
#include "transport/testing/fake_snmpd.h"

namespace passpersist_testing {
namespace {

using passpersist::AgentBuilder;
using passpersist::ConnectUnix;
using passpersist::Contents;
using passpersist::Integer32;
using passpersist::Oid;
using passpersist::PassPersistCodec;
using passpersist::Transport;
using passpersist::UnixListener;
using passpersist::UnixListenerOptions;
using testing::ElementsAre;

class UnixListenerAgentTest : public UnixListenerTest {
 protected:
  // Returns a builder of an agent with .1.3.1 = 5 and a listener at `path`.
  AgentBuilder Builder(const std::string& path, UnixListenerOptions options) {
    AgentBuilder builder;
    builder.SetStoreFactory([] { return std::make_unique<FakeStore>(); })
        .AddSubtree(Oid{1, 3}, absl::Seconds(1),
                    [](Contents& contents) {
                      contents.Put({1}, Integer32{5});
                      return absl::OkStatus();
                    })
        .AddListener(UnixListener::Listen(path, std::move(options)),
                     [] { return std::make_unique<PassPersistCodec>(); })
        .OnError(log_.Hook());
    return builder;
  }

  // Returns the answer to a PING, "" if the listener closed the connection.
  static std::string Ping(Transport* client) {
    return client->Write("PING\n").ok() ? Receive(client) : "";
  }

  ErrorLog log_;
};

TEST_F(UnixListenerAgentTest, ServesOneClientAfterTheOtherWithMaxClientsOne) {
  constexpr int kClients = 20;
  UnixListenerOptions options;
  options.max_clients = 1;
  FakeSnmpd snmpd(Builder(kPath, options));
  for (int served = 0; served < kClients;) {
    // The agent rejects clients until it has noticed that the previous client
    // has disconnected.
    if (Ping(Connect().get()) == "PONG\n") {
      ++served;
    } else {
      std::this_thread::yield();
    }
  }
  EXPECT_EQ(snmpd.Get(".1.3.1"), "INTEGER 5");
}

TEST_F(UnixListenerAgentTest, ItsEndClosesConnectionsAndRemovesTheSocket) {
  std::unique_ptr<Transport> served;
  {
    FakeSnmpd snmpd(Builder(kPath, {}));
    served = Connect();
    EXPECT_EQ(Ping(served.get()), "PONG\n");
  }
  EXPECT_EQ(Receive(served.get()), "");
  EXPECT_TRUE(directory_.empty());
}

TEST_F(UnixListenerAgentTest, ServesSnmpdIfTheListenerFails) {
  FakeSnmpd snmpd(Builder("absent/debug.sock", {}));
  EXPECT_EQ(snmpd.Get(".1.3.1"), "INTEGER 5");
  log_.Await();
  EXPECT_THAT(log_.Take(),
              ElementsAre("NOT_FOUND: opening absent/debug.sock.lock: No such "
                          "file or directory"));
}

}  // namespace
}  // namespace passpersist_testing
