// SPDX-License-Identifier: Apache-2.0
//
// Tests the agent of all teams in memory, and the error that its owners get
// when two teams claim the same OIDs.

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "infra/agent/modules.h"
#include "infra/flat_store/flat_store.h"
#include "infra/tcp_transport/tcp_client.h"
#include "infra/tcp_transport/tcp_port.h"
#include "passpersist/agent_builder.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "store/trie_store.h"
#include "transport/memory/in_memory_transport.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/testing/fake_snmpd.h"

namespace acme {
namespace {

using passpersist::AgentBuilder;
using passpersist::InMemoryTransport;
using passpersist::Oid;
using passpersist::PassPersistCodec;
using passpersist::StoreFactory;
using passpersist::ThreadScheduler;
using passpersist::TrieStore;
using passpersist_testing::FakeSnmpd;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class AgentTest : public testing::Test {
 protected:
  AgentTest() {
    std::filesystem::remove_all(sources_.trunks);
    std::filesystem::create_directory(sources_.trunks);
    std::ofstream(sources_.trunks + "/1") << "Berlin\n";
    std::ofstream(sources_.batteries) << "3 97 42 rack 7\n";
  }

  AgentBuilder Builder(StoreFactory store_factory) const {
    AgentBuilder builder;
    builder.SetStoreFactory(std::move(store_factory));
    AddModules(builder, sources_);
    return builder;
  }

  const Sources sources_ = {testing::TempDir() + "/batteries",
                            testing::TempDir() + "/trunks"};
};

TEST_F(AgentTest, ServesTheModulesOfAllTeamsWithEitherStore) {
  for (const StoreFactory& store_factory :
       {TrieStore::Factory(), FlatStore::Factory()}) {
    FakeSnmpd snmpd(Builder(store_factory));
    EXPECT_THAT(snmpd.Walk(".1.3.6.1.4.1.32473"),
                ElementsAre(".1.3.6.1.4.1.32473.1.1.1.2.3 = STRING rack 7",
                            ".1.3.6.1.4.1.32473.1.1.1.3.3 = GAUGE 97",
                            ".1.3.6.1.4.1.32473.1.1.1.4.3 = GAUGE 42",
                            ".1.3.6.1.4.1.32473.2.1.1.2.1 = STRING Berlin",
                            ".1.3.6.1.4.1.32473.2.1.1.3.1 = INTEGER 1"));
  }
}

TEST_F(AgentTest, AFailureInOneModuleDoesNotAffectTheOther) {
  FakeSnmpd snmpd(Builder(FlatStore::Factory()));
  std::ofstream(sources_.batteries) << "no battery\n";
  std::ofstream(sources_.trunks + "/2") << "Oslo\n";
  snmpd.Advance(absl::Seconds(10));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.4.1.32473.1.1.1.3.3"), "GAUGE 97");
  EXPECT_EQ(snmpd.Get(".1.3.6.1.4.1.32473.2.1.1.2.2"), "STRING Oslo");
  EXPECT_EQ(snmpd.Set(".1.3.6.1.4.1.32473.2.1.1.3.2", "integer 2"), "DONE");
}

// Does the same as a container with the agent, and nc.
TEST_F(AgentTest, AnswersAClientThatConnectsToItsPort) {
  const auto port = TcpPort::Open(0);
  ASSERT_TRUE(port.ok()) << port.status();
  auto nc = ConnectTcp((*port)->number());
  auto transport = (*port)->Accept();
  ASSERT_TRUE(transport.ok()) << transport.status();
  AgentBuilder builder = Builder(FlatStore::Factory());
  builder.SetTransport(*std::move(transport))
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetScheduler(std::make_unique<ThreadScheduler>());
  const auto agent = builder.Build();
  ASSERT_TRUE(agent.ok()) << agent.status();
  std::thread server([&] { EXPECT_TRUE((*agent)->Run().ok()); });

  constexpr absl::string_view kAnswer =
      "PONG\n.1.3.6.1.4.1.32473.2.1.1.2.1\nSTRING\nBerlin\n";
  EXPECT_TRUE(nc->Write("PING\nget\n.1.3.6.1.4.1.32473.2.1.1.2.1\n").ok());
  std::string received;
  while (received.size() < kAnswer.size() &&
         nc->Read(&received, absl::Seconds(20)).value_or(0) > 0) {
  }
  EXPECT_EQ(received, kAnswer);
  nc.reset();
  server.join();
}

// A third team claims all OIDs of the second team, which has a table there.
TEST_F(AgentTest, BuildNamesBothSubtreesIfTwoModulesOverlap) {
  AgentBuilder builder = Builder(TrieStore::Factory());
  builder.SetTransport(InMemoryTransport::MakePair().first)
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetScheduler(std::make_unique<ThreadScheduler>())
      .AddSubtree(Oid::Parse(".1.3.6.1.4.1.32473.2"),
                  std::make_shared<FlatStore>());
  const auto agent = builder.Build();
  ASSERT_FALSE(agent.ok());
  EXPECT_EQ(agent.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(agent.status().message()),
              AllOf(HasSubstr("subtrees .1.3.6.1.4.1.32473.2.1 and "
                              ".1.3.6.1.4.1.32473.2 overlap"),
                    Not(HasSubstr("32473.1"))));
}

}  // namespace
}  // namespace acme
