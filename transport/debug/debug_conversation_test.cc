// SPDX-License-Identifier: Apache-2.0
//
// A client and an agent that communicate by transport/debug/debug.proto.

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_listener.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "passpersist/value.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_client.h"
#include "transport/debug/debug_codec.h"
#include "transport/debug/testing/debug_test_messages.h"
#include "transport/memory/in_memory_transport.h"
#include "transport/pass_persist/pass_persist_codec.h"

namespace passpersist {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::FailAt;
using passpersist_testing::FakeListener;
using passpersist_testing::FakeSetter;
using passpersist_testing::FakeStore;
using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::ManualScheduler;
using passpersist_testing::SimulatedClock;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// An agent with two subtrees: .1.3, updated every 10 seconds, and .1.4, a table
// without an update.
class DebugConversationTest : public testing::Test {
 protected:
  static constexpr uint32_t kRows = 10'000;

  DebugConversationTest() {
    auto [snmpd, agent] = InMemoryTransport::MakePair();
    snmpd_ = std::move(snmpd);
    auto listener = std::make_unique<FakeListener>();
    FakeListener* const fake_listener = listener.get();
    AgentBuilder builder;
    builder.SetTransport(std::move(agent))
        .SetCodec(std::make_unique<PassPersistCodec>())
        .SetStoreFactory([] { return std::make_unique<FakeStore>(); })
        .SetScheduler(std::make_unique<ManualScheduler>())
        .SetClock(clock_)
        .OnError(log_.Hook())
        .AddSubtree(Oid{1, 3}, absl::Seconds(10),
                    [this](Contents& contents) { return Update(contents); })
        .AddSubtree(Oid{1, 4}, Table())
        .AddSetter(Oid{1, 3, 1},
                   std::make_unique<FakeSetter>(
                       &set_log_, FailAt("commit .2 = Integer32 13",
                                         ErrorStatus::kNoAccess)))
        .AddListener(std::move(listener), DebugCodec::Factory());
    agent_ = builder.Build().value();
    runner_ = std::thread([this] { EXPECT_THAT(agent_->Run(), IsOk()); });
    auto [client_end, server_end] = InMemoryTransport::MakePair();
    transport_ = std::move(client_end);
    fake_listener->Send(std::move(server_end));
    client_ = std::make_unique<DebugClient>(transport_.get());
    // The PONG proves that the first update has ended and the agent serves.
    EXPECT_EQ(AskAsSnmpd("PING\n"), "PONG\n");
  }

  ~DebugConversationTest() override {
    agent_->Shutdown();
    runner_.join();
  }

  absl::Status Update(Contents& contents) {
    if (++updates_ == 3) return absl::NotFoundError("no file");
    contents.Put({1, 1}, Integer32{5}, "five");
    contents.Put({1, 2}, Integer32{6});
    contents.PutComputed({2, 0}, [] { return OctetString{"lazy"}; });
    return absl::OkStatus();
  }

  // Shared by all tests, which only read it.
  static std::shared_ptr<OidStore> Table() {
    static const auto* const table = [] {
      Contents contents;
      for (uint32_t row = 1; row <= kRows; ++row) {
        contents.Put({1, row}, Counter64{row});
      }
      auto store = std::make_shared<FakeStore>();
      EXPECT_THAT(store->Replace(std::move(contents)), IsOk());
      return new std::shared_ptr<OidStore>(store);
    }();
    return *table;
  }

  debug::Response Call(const std::string& request) {
    return client_->Call(FromText<debug::Request>(request)).value();
  }

  // Sends `request` as snmpd and returns the answer.
  std::string AskAsSnmpd(const std::string& request) {
    EXPECT_THAT(snmpd_->Write(request), IsOk());
    std::string received;
    EXPECT_THAT(snmpd_->Read(&received, absl::InfiniteDuration()), IsOk());
    return received;
  }

  const std::shared_ptr<SimulatedClock> clock_ =
      std::make_shared<SimulatedClock>();
  ErrorLog log_;
  FakeSetter::Log set_log_;
  int updates_ = 0;
  std::unique_ptr<Transport> snmpd_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<DebugClient> client_;
  std::unique_ptr<Agent> agent_;
  std::thread runner_;
};

TEST_F(DebugConversationTest, Get) {
  EXPECT_THAT(Call("get { oids: '.1.3.1.1' oids: '.1.3.2.0' oids: '.1.3.9' "
                   "oids: '.1.5' }"),
              IsMessage(R"(
    id: 1
    bindings { oid: '.1.3.1.1' integer: 5 }
    bindings { oid: '.1.3.2.0' octet_string: 'lazy' }
    bindings { oid: '.1.3.9' exception: NO_SUCH_INSTANCE }
    bindings { oid: '.1.5' exception: NO_SUCH_OBJECT }
  )"));
}

TEST_F(DebugConversationTest, GetNext) {
  EXPECT_THAT(Call("get_next { ranges { } "
                   "ranges { start: '.1.3.1.1' inclusive: true } "
                   "ranges { start: '.1.3.1.1' end: '.1.3.1.2' } }"),
              IsMessage(R"(
    id: 1
    bindings { oid: '.1.3.1.1' integer: 5 }
    bindings { oid: '.1.3.1.1' integer: 5 }
    bindings { oid: '.1.3.1.1' exception: END_OF_MIB_VIEW }
  )"));
}

TEST_F(DebugConversationTest, GetBulk) {
  EXPECT_THAT(Call("get_bulk { non_repeaters: 1 max_repetitions: 2 "
                   "ranges { } ranges { start: '.1.4.1.9999' } }"),
              IsMessage(R"(
    id: 1
    bindings { oid: '.1.3.1.1' integer: 5 }
    bindings { oid: '.1.4.1.10000' counter64: 10000 }
    bindings { oid: '.1.4.1.10000' exception: END_OF_MIB_VIEW }
  )"));
  EXPECT_EQ(
      Call("get_bulk { max_repetitions: 100000 ranges { start: '.1.4' } }")
          .bindings_size(),
      1024);
}

TEST_F(DebugConversationTest, SetInOneMessage) {
  EXPECT_THAT(Call("set { bindings { oid: '.1.3.1.1' integer: 7 } }"),
              IsMessage("id: 1"));
  EXPECT_THAT(set_log_,
              ElementsAre("test .1 = Integer32 7", "commit .1 = Integer32 7",
                          "clean up .1 = Integer32 7"));
  EXPECT_THAT(Call("get { oids: '.1.3.1.1' }"),
              IsMessage("id: 2 bindings { oid: '.1.3.1.1' integer: 7 }"));
  EXPECT_THAT(Call("set { bindings { oid: '.1.3.1.1' integer: 7 } "
                   "bindings { oid: '.1.4.1.1' counter64: 7 } }"),
              IsMessage("id: 3 error: NOT_WRITABLE error_index: 2"));
}

TEST_F(DebugConversationTest, SetInPhases) {
  EXPECT_THAT(Call("transaction: 1 test_set { bindings { oid: '.1.3.1.1' "
                   "integer: 7 } }"),
              IsMessage("id: 1"));
  EXPECT_THAT(Call("transaction: 2 test_set { bindings { oid: '.1.3.1.2' "
                   "integer: 13 } }"),
              IsMessage("id: 2"));
  EXPECT_THAT(Call("transaction: 1 commit_set { }"), IsMessage("id: 3"));
  EXPECT_THAT(Call("transaction: 2 commit_set { }"),
              IsMessage("id: 4 error: COMMIT_FAILED error_index: 1"));
  EXPECT_THAT(Call("transaction: 1 undo_set { }"), IsMessage("id: 5"));
  EXPECT_THAT(Call("transaction: 2 cleanup_set { }"), IsMessage(""));
  // The next answer proves that the cleanup has ended.
  EXPECT_THAT(Call("get { oids: '.1.3.1.1' }"),
              IsMessage("id: 7 bindings { oid: '.1.3.1.1' integer: 5 }"));
  EXPECT_THAT(set_log_,
              ElementsAre("test .1 = Integer32 7", "test .2 = Integer32 13",
                          "commit .1 = Integer32 7", "commit .2 = Integer32 13",
                          "undo .1 = Integer32 7", "clean up .1 = Integer32 7",
                          "clean up .2 = Integer32 13"));
}

TEST_F(DebugConversationTest, DumpTellsLabelAndSubtreeOfEachValue) {
  clock_->Advance(absl::Seconds(3));
  std::vector<debug::DumpEntry> entries;
  EXPECT_THAT(client_->Dump(FromText<debug::Dump>("limit: 4"),
                            [&](const debug::DumpEntry& entry) {
                              entries.push_back(entry);
                              return absl::OkStatus();
                            }),
              IsOk());
  EXPECT_THAT(
      entries,
      ElementsAre(
          IsMessage("binding { oid: '.1.3.1.1' integer: 5 } label: 'five' "
                    "root: '.1.3' age { seconds: 3 }"),
          IsMessage("binding { oid: '.1.3.1.2' integer: 6 } "
                    "root: '.1.3' age { seconds: 3 }"),
          IsMessage("binding { oid: '.1.3.2.0' octet_string: 'lazy' } "
                    "root: '.1.3' computed: true age { seconds: 3 }"),
          IsMessage("binding { oid: '.1.4.1.1' counter64: 1 } "
                    "root: '.1.4'")));
}

TEST_F(DebugConversationTest, DumpOfTenThousandRows) {
  uint32_t row = 0;
  EXPECT_THAT(client_->Dump(FromText<debug::Dump>("range { start: '.1.4' }"),
                            [&](const debug::DumpEntry& entry) {
                              EXPECT_EQ(entry.binding().counter64(), ++row);
                              return absl::OkStatus();
                            }),
              IsOk());
  EXPECT_EQ(row, kRows);
  EXPECT_EQ(AskAsSnmpd("PING\n"), "PONG\n");
}

TEST_F(DebugConversationTest, Describe) {
  debug::Response response = Call("describe { }");
  auto* const description = response.mutable_description();
  EXPECT_GT(description->pid(), 0);
  EXPECT_THAT(description->program(), HasSubstr("debug_conversation"));
  EXPECT_GT(description->started().seconds(), 0);
  description->clear_pid();
  description->clear_program();
  description->clear_started();
  EXPECT_THAT(response, IsMessage(R"(
    id: 1
    description {
      codec: 'passpersist::PassPersistCodec'
      subtrees {
        root: '.1.3'
        store: 'passpersist_testing::FakeStore'
        period { seconds: 10 }
      }
      subtrees { root: '.1.4' store: 'passpersist_testing::FakeStore' }
      setters: '.1.3.1'
    }
  )"));
}

TEST_F(DebugConversationTest, Statistics) {
  EXPECT_EQ(AskAsSnmpd("get\n.1.5\n"), "NONE\n");
  Call("get_next { ranges { } }");
  clock_->Advance(absl::Seconds(3));
  debug::Response response = Call("get_statistics { }");
  auto* const statistics = response.mutable_statistics();
  ASSERT_EQ(statistics->peer_size(), 1);
  EXPECT_TRUE(statistics->peer(0).has_latency());
  statistics->mutable_peer(0)->clear_latency();
  ASSERT_EQ(statistics->debug_clients_size(), 1);
  statistics->mutable_debug_clients(0)->clear_latency();
  for (auto& subtree : *statistics->mutable_subtrees()) {
    EXPECT_GT(subtree.memory(), 0);
    subtree.clear_memory();
  }
  EXPECT_THAT(response, IsMessage(R"(
    id: 2
    statistics {
      uptime { seconds: 3 }
      peer { kind: 'get' count: 1 absent: 1 }
      debug_clients { kind: 'get_next' count: 1 }
      open_connections: 1
      total_connections: 1
      subtrees {
        root: '.1.3'
        instances: 3
        updates: 1
        last_duration { }
        age { seconds: 3 }
      }
      subtrees { root: '.1.4' instances: 10000 }
    }
  )"));
}

TEST_F(DebugConversationTest, WatchReturnsTheRequestsOfSnmpd) {
  EXPECT_THAT(Call("watch { }"), IsMessage("id: 1 events { }"));
  EXPECT_EQ(AskAsSnmpd("get\n.1.3.1.1\n"), ".1.3.1.1\nINTEGER\n5\n");
  EXPECT_EQ(AskAsSnmpd("PING\n"), "PONG\n");
  // The second event may not have been published at the first Watch.
  std::vector<debug::RequestEvent> request_events;
  while (request_events.size() < 2) {
    const debug::Response response =
        Call("watch { max_events: 1 wait { seconds: 5 } }");
    for (const debug::Event& event : response.events().events()) {
      request_events.push_back(event.request_event());
    }
  }
  EXPECT_THAT(request_events, ElementsAre(IsMessage(R"(
                                       received: 'get\n.1.3.1.1\n'
                                       sent: '.1.3.1.1\nINTEGER\n5\n'
                                       request { get { oids: '.1.3.1.1' } }
                                       response {
                                         bindings { oid: '.1.3.1.1' integer: 5 }
                                       }
                                       duration { }
                                     )"),
                                          IsMessage(R"(
                                       received: 'PING\n'
                                       sent: 'PONG\n'
                                     )")));
}

TEST_F(DebugConversationTest, RunUpdateRunsAnUpdate) {
  Call("watch { }");
  const std::string request = "run_update { root: '.1.3' wait { seconds: 5 } }";
  EXPECT_THAT(
      Call(request),
      IsMessage("id: 2 update { root: '.1.3' duration { } instances: 3 }"));
  EXPECT_THAT(
      Call(request),
      IsMessage("id: 3 update { root: '.1.3' duration { } instances: 3 "
                "status { code: 5 message: 'update of .1.3: no file' } }"));
}

TEST_F(DebugConversationTest, RunUpdateOfAnUnknownSubtreeIsAnError) {
  const auto status = [this](const std::string& root) {
    return Call(absl::StrCat("run_update { root: '", root, "' }"))
        .update()
        .status();
  };
  EXPECT_THAT(status(".1.4"),
              IsMessage("code: 9 message: 'subtree .1.4 has no update: its "
                        "owner keeps it up to date'"));
  EXPECT_THAT(status(".1.5"),
              IsMessage("code: 5 message: 'no subtree has the root .1.5'"));
}

TEST_F(DebugConversationTest, GoesOnAfterAnUnknownOperation) {
  debug::Request newer;
  newer.GetReflection()->MutableUnknownFields(&newer)->AddVarint(99, 1);
  EXPECT_THAT(client_->Call(newer), StatusIs(absl::StatusCode::kInvalidArgument,
                                             HasSubstr("unknown fields: 99")));
  EXPECT_THAT(Call("get { oids: '.1.3.1.1' }").bindings_size(), 1);
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(DebugConversationTest, EndsAfterAnInvalidMessage) {
  ASSERT_THAT(transport_->Write("\x02\xff\xff"), IsOk());
  EXPECT_THAT(client_->Call(FromText<debug::Request>("describe { }")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "a message of 2 bytes is not a debug request"));
  EXPECT_THAT(client_->Call(FromText<debug::Request>("describe { }")),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("the agent closed the connection")));
  EXPECT_EQ(AskAsSnmpd("PING\n"), "PONG\n");
}

}  // namespace
}  // namespace passpersist
