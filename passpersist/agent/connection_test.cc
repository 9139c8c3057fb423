// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/connection.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/agent_monitor_impl.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/observer_list.h"
#include "passpersist/agent/sets/setter_locks.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/agent/testing/task_queue.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/event_log.h"
#include "passpersist/testing/fake_codec.h"
#include "passpersist/testing/fake_peer.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/fake_transport.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/transport.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::AllocationCount;
using passpersist_testing::ErrorLog;
using passpersist_testing::FakeCodec;
using passpersist_testing::FakePeer;
using passpersist_testing::FakeSetter;
using passpersist_testing::FakeStore;
using passpersist_testing::FakeTransport;
using passpersist_testing::IsOk;
using passpersist_testing::SimulatedClock;
using passpersist_testing::StatusIs;
using testing::_;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr absl::string_view kHello = "hello .1.3 .1.5 writable:.1.3.1\n";

// Serves .1.3.1 = 5, and .1.3.2, which the codec cannot encode.
class ConnectionTest : public testing::Test {
 protected:
  std::unique_ptr<Connection> Connect(std::unique_ptr<Transport> transport) {
    return std::make_unique<Connection>(std::move(transport),
                                        std::make_unique<FakeCodec>(), &shared_,
                                        &monitor_, &monitor_.peer());
  }

  // Serves a peer that sends `reads` (see FakeTransport) and then closes its
  // end. Returns what was written; sets status_ to the result of Serve().
  std::vector<std::string> Serve(std::vector<std::string> reads) {
    std::vector<std::string> writes;
    status_ =
        Connect(std::make_unique<FakeTransport>(std::move(reads), &writes))
            ->Serve();
    return writes;
  }

  MibTree::Setters MakeSetters() {
    MibTree::Setters setters;
    setters[Oid{1, 3, 1}] = std::make_unique<FakeSetter>(&steps_);
    return setters;
  }

  absl::Status status_;
  FakeSetter::Log steps_;
  const MibTree objects_ =
      MakeMibTree({{Oid{1, 3}, std::make_shared<FakeStore>(FakeStore::Entries{
                                   {{1}, Integer32{5}},
                                   {{2}, OctetString{std::string(1000, 'x')}},
                               })},
                   {Oid{1, 5}, std::make_shared<FakeStore>()}},
                  MakeSetters());
  SimulatedClock clock_;
  ErrorLog log_;
  ErrorReporter errors_{log_.Hook()};
  ObserverList observers_;
  AgentMonitorImpl::Updates updates_;
  ComputedValueRunner computed_values_{&clock_, {}, RunInline()};
  SetterLocks setter_locks_;
  AgentMonitorImpl monitor_{&objects_, &updates_, "FakeCodec", &clock_,
                            &observers_};
  const RequestHandler::Shared shared_{
      &objects_,
      &clock_,
      &errors_,
      &computed_values_,
      {&objects_, &errors_, &computed_values_, &setter_locks_, RunInline(),
       [](const Oid&) {}},
      absl::InfiniteDuration(),
      {}};
};

// --- Requests and answers ---

TEST_F(ConnectionTest, OpensTheCodecFirstWithTheRegions) {
  EXPECT_THAT(Serve({}), ElementsAre(kHello));
  EXPECT_THAT(status_, IsOk());
}

TEST_F(ConnectionTest, AnswersEachRequestByOneWrite) {
  EXPECT_THAT(
      Serve({"get .1.3.1\n", "next .1.3\n", "set .1.3.1 6\n", "get .1.3.1\n"}),
      ElementsAre(kHello, ".1.3.1 = Integer32 5\n", ".1.3.1 = Integer32 5\n",
                  "\n", ".1.3.1 = Integer32 6\n"));
  EXPECT_THAT(status_, IsOk());
}

TEST_F(ConnectionTest, AnswersRequestsThatArriveTogetherByOneWrite) {
  EXPECT_THAT(Serve({"ping\nget .1.3.1\nget .1.5.1\nping\n"}),
              ElementsAre(kHello,
                          "pong\n.1.3.1 = Integer32 5\n.1.5.1 = "
                          "noSuchInstance\npong\n"));
}

TEST_F(ConnectionTest, AssemblesARequestFromManyReads) {
  EXPECT_THAT(Serve({"g", "et", " .1.3.", "1\npi", "ng\n"}),
              ElementsAre(kHello, ".1.3.1 = Integer32 5\n", "pong\n"));
}

TEST_F(ConnectionTest, LetsTheCodecHandleReadTimeouts) {
  EXPECT_THAT(Serve({"get .1.3.1", "", "ping", "", "get .1.5.1\n"}),
              ElementsAre(kHello, ".1.3.1 = Integer32 5\n", "pong\n",
                          ".1.5.1 = noSuchInstance\n"));
  EXPECT_THAT(status_, IsOk());
}

TEST_F(ConnectionTest, PublishesRequestsAndAnswersToObservers) {
  passpersist_testing::EventLog log;
  observers_.Add(&log);
  Serve({"pi", "ng\nget .1.3.1\nget", " .1.5.1\n", "ping\n"});
  EXPECT_THAT(
      log.Take(),
      ElementsAre("said \"\", got \"hello .1.3 .1.5 writable:.1.3.1\\n\"",
                  // The codec answers a ping on the way to a request.
                  "said \"ping\\nget .1.3.1\\n\", got \"pong\\n.1.3.1 = "
                  "Integer32 5\\n\"",
                  "said \"get .1.5.1\\n\", got \".1.5.1 = "
                  "noSuchInstance\\n\"",
                  "said \"ping\\n\", got \"pong\\n\""));
}

TEST_F(ConnectionTest, PublishesAMessageWithoutAnAnswer) {
  passpersist_testing::EventLog log;
  observers_.Add(&log);
  Serve({"note\n", "get .1.5.1\nnote\nnote\n", "no"});
  EXPECT_THAT(
      log.Take(),
      ElementsAre("said \"\", got \"hello .1.3 .1.5 writable:.1.3.1\\n\"",
                  "said \"note\\n\", got \"\"",
                  "said \"get .1.5.1\\n\", got \".1.5.1 = "
                  "noSuchInstance\\n\"",
                  "said \"note\\n\", got \"\"", "said \"note\\n\", got \"\""));
}

// An observer receives only input that arrives while it is registered: never
// the first half of one message with the second half of another.
TEST_F(ConnectionTest, PublishesNoEarlierInputToALaterObserver) {
  class Transport : public FakeTransport {
   public:
    using FakeTransport::FakeTransport;

    absl::StatusOr<size_t> Read(std::string* buffer,
                                absl::Duration timeout) override {
      before_read_(++reads_);
      return FakeTransport::Read(buffer, timeout);
    }

    std::function<void(int)> before_read_;
    int reads_ = 0;
  };
  passpersist_testing::EventLog log;
  std::vector<std::string> writes;
  auto transport = std::make_unique<Transport>(
      std::vector<std::string>{"get", " .1.3.1\n", "get .1.5.1\n"}, &writes);
  transport->before_read_ = [&](int read) {
    if (read == 2) {
      observers_.Remove(&log);
    } else if (read == 3) {
      observers_.Add(&log);
    }
  };
  observers_.Add(&log);
  EXPECT_THAT(Connect(std::move(transport))->Serve(), IsOk());
  EXPECT_EQ(writes.size(), 3u);
  EXPECT_THAT(log.Take(), ElementsAre("said \"\", got \"hello .1.3 .1.5 "
                                      "writable:.1.3.1\\n\"",
                                      "said \"get .1.5.1\\n\", got \".1.5.1 = "
                                      "noSuchInstance\\n\""));
}

TEST_F(ConnectionTest, CountsItsRequests) {
  Serve({"ping\nget .1.3.1\nget .1.5.1\nset .1.5.1 7\n"});
  const Statistics::ByKind counts = monitor_.peer().GetCounts();
  EXPECT_EQ(counts[Operation(Get()).index()].count, 2u);
  EXPECT_EQ(counts[Operation(Get()).index()].absent, 1u);
  EXPECT_EQ(counts[Operation(Set()).index()].refused, 1u);
}

TEST_F(ConnectionTest, ReleasesTheSnapshotsOfASilentPeer) {
  FakePeer peer;
  Connection connection(peer.NewTransport(), std::make_unique<FakeCodec>(),
                        &shared_, &monitor_, &monitor_.peer(),
                        absl::Milliseconds(1));
  std::thread server([&] { EXPECT_THAT(connection.Serve(), IsOk()); });
  peer.HearLine();
  std::weak_ptr<const Snapshot> held = objects_.Find({1, 3})->snapshot();
  peer.Say("get .1.3.1\nnext .1.3\n");
  peer.HearLine();
  peer.HearLine();
  const Oid oid = {1, 3, 1};
  ASSERT_TRUE(PublishSet(objects_, oid, Integer32{6}));
  while (!held.expired()) std::this_thread::yield();
  peer.Say("next .1.3\n");
  EXPECT_EQ(peer.HearLine(), ".1.3.1 = Integer32 6");
  peer.Close();
  server.join();
}

// Asks to be called every millisecond, as DebugCodec does while an answer
// waits.
class PollingCodec : public FakeCodec {
 public:
  absl::Duration ReadTimeout() const override { return absl::Milliseconds(1); }
  absl::StatusOr<Decoded> OnReadTimeout(absl::string_view*, Request*,
                                        std::string*) override {
    return Decoded::kIncomplete;
  }
};

TEST_F(ConnectionTest, ReleasesTheSnapshotsOfASilentPeerWhileItsCodecPolls) {
  FakePeer peer;
  Connection connection(peer.NewTransport(), std::make_unique<PollingCodec>(),
                        &shared_, &monitor_, &monitor_.peer(),
                        absl::Milliseconds(5));
  std::thread server([&] { EXPECT_THAT(connection.Serve(), IsOk()); });
  peer.HearLine();
  std::weak_ptr<const Snapshot> held = objects_.Find({1, 3})->snapshot();
  peer.Say("next .1.3\n");
  peer.HearLine();
  ASSERT_TRUE(PublishSet(objects_, {1, 3, 1}, Integer32{6}));
  while (!held.expired()) std::this_thread::yield();
  peer.Close();
  server.join();
}

TEST_F(ConnectionTest, ReleasesOldSnapshotsOnRequest) {
  std::vector<std::string> writes;
  const std::unique_ptr<Connection> connection =
      Connect(std::make_unique<FakeTransport>(
          std::vector<std::string>{"get .1.3.1\n"}, &writes));
  std::weak_ptr<const Snapshot> held = objects_.Find({1, 3})->snapshot();
  EXPECT_THAT(connection->Serve(), IsOk());
  const Oid oid = {1, 3, 1};
  ASSERT_TRUE(PublishSet(objects_, oid, Integer32{6}));
  EXPECT_FALSE(held.expired());
  connection->ForgetOldSnapshots();
  EXPECT_TRUE(held.expired());
}

TEST_F(ConnectionTest, PassesNoTimeoutIfTheCodecHasNone) {
  Serve({"get .1.3.1\n", ""});
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kFailedPrecondition, _));
  Serve({""});
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kFailedPrecondition, _));
}

TEST_F(ConnectionTest, AnswersOnlyWhatTheCodecCanEncode) {
  EXPECT_THAT(Serve({"get .1.3.2\n", "next .1.3.1\n"}),
              ElementsAre(kHello, ".1.3.2 = noSuchInstance\n",
                          ".1.3.1 = endOfMibView\n"));
  EXPECT_THAT(log_.Take(), ElementsAre("OUT_OF_RANGE: .1.3.2 has 1000 bytes",
                                       "OUT_OF_RANGE: .1.3.2 has 1000 bytes"));
}

TEST_F(ConnectionTest, SendsManyAnswersInPieces) {
  constexpr int kRequests = 10'000;
  std::string requests;
  for (int i = 0; i < kRequests; ++i) requests += "get .1.3.1\n";
  std::vector<std::string> writes = Serve({requests});
  EXPECT_GT(writes.size(), 2u);
  for (const std::string& write : writes) EXPECT_LT(write.size(), 70'000u);
  writes.erase(writes.begin());
  std::string expected;
  for (int i = 0; i < kRequests; ++i) expected += ".1.3.1 = Integer32 5\n";
  EXPECT_EQ(absl::StrJoin(writes, ""), expected);
}

// --- The end of a connection ---

TEST_F(ConnectionTest, EndsWithTheErrorOfTheCodec) {
  EXPECT_THAT(Serve({"ping\n", "get .1.3.1\nnonsense\nping\n", "ping\n"}),
              ElementsAre(kHello, "pong\n", ".1.3.1 = Integer32 5\nbye\n"));
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kInvalidArgument,
                                "no request: nonsense"));
}

TEST_F(ConnectionTest, EndsWithTheErrorOfTheCodecAfterAReadTimeout) {
  EXPECT_THAT(Serve({"nonsense", "", "ping\n"}), ElementsAre(kHello, "bye\n"));
  EXPECT_THAT(status_, StatusIs(absl::StatusCode::kInvalidArgument,
                                "no request: nonsense"));
}

TEST_F(ConnectionTest, DropsAnIncompleteRequestAtTheEnd) {
  EXPECT_THAT(Serve({"ping\nget .1.3"}), ElementsAre(kHello, "pong\n"));
  EXPECT_THAT(status_, IsOk());
}

// Fails with the given errors.
class BrokenTransport : public Transport {
 public:
  BrokenTransport(absl::Status read, absl::Status write)
      : read_(std::move(read)), write_(std::move(write)) {}

  absl::StatusOr<size_t> Read(std::string*, absl::Duration) override {
    return read_;
  }
  absl::Status Write(absl::string_view) override { return write_; }
  void Shutdown() override {}

 private:
  const absl::Status read_;
  const absl::Status write_;
};

TEST_F(ConnectionTest, EndsWithTheErrorOfItsTransport) {
  const absl::Status broken = absl::InternalError("broken pipe");
  EXPECT_EQ(Connect(std::make_unique<BrokenTransport>(broken, absl::OkStatus()))
                ->Serve(),
            broken);
  // Without the error of the write, Serve() would read forever.
  EXPECT_EQ(Connect(std::make_unique<BrokenTransport>(
                        absl::DeadlineExceededError("silence"), broken))
                ->Serve(),
            broken);
}

TEST_F(ConnectionTest, EndsNormallyIfThePeerDisconnectsDuringAnAnswer) {
  EXPECT_THAT(Connect(std::make_unique<BrokenTransport>(
                          absl::DeadlineExceededError("silence"),
                          absl::UnavailableError("the peer has closed")))
                  ->Serve(),
              IsOk());
}

TEST_F(ConnectionTest, ShutdownBeforeServeEndsItAtOnce) {
  std::vector<std::string> writes;
  const auto connection = Connect(std::make_unique<FakeTransport>(
      std::vector<std::string>{"ping\n"}, &writes));
  connection->Shutdown();
  EXPECT_THAT(connection->Serve(), IsOk());
  EXPECT_THAT(writes, IsEmpty());
}

TEST_F(ConnectionTest, CannotNotifyBeforeItIsOpen) {
  std::vector<std::string> writes;
  const auto connection = Connect(std::make_unique<FakeTransport>(
      std::vector<std::string>{"ping\n"}, &writes));
  EXPECT_THAT(connection->Notify({{1, 3, 6}, "", {}}),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       "the connection is not open yet"));
  EXPECT_THAT(connection->Serve(), IsOk());
  EXPECT_THAT(writes, ElementsAre(kHello, "pong\n"));
}

// --- While it waits for its peer ---

class WaitingConnectionTest : public ConnectionTest {
 protected:
  WaitingConnectionTest() {
    EXPECT_EQ(absl::StrCat(peer_.HearLine(), "\n"), kHello);
  }

  ~WaitingConnectionTest() override {
    connection_->Shutdown();
    server_.join();
  }

  FakePeer peer_;
  const std::unique_ptr<Connection> connection_ = Connect(peer_.NewTransport());
  std::thread server_{[this] { EXPECT_THAT(connection_->Serve(), IsOk()); }};
};

TEST_F(WaitingConnectionTest, ShutdownByAnotherThreadEndsIt) {
  connection_->Shutdown();
  EXPECT_EQ(peer_.HearLine(), "");
}

TEST_F(WaitingConnectionTest, SendsANotificationAtOnce) {
  EXPECT_THAT(connection_->Notify({{1, 3, 6}, "", {}}), IsOk());
  EXPECT_EQ(peer_.HearLine(), "trap .1.3.6");
  peer_.Say("ping\n");
  EXPECT_EQ(peer_.HearLine(), "pong");
}

TEST_F(WaitingConnectionTest, ReportsThatTheProtocolCannotNotify) {
  EXPECT_THAT(connection_->Notify({{1, 3, 6}, "", {{{1}, Integer32{1}}}}),
              StatusIs(absl::StatusCode::kUnimplemented,
                       "a trap has no bindings here"));
  // Nothing of the notification is sent.
  peer_.Say("ping\n");
  EXPECT_EQ(peer_.HearLine(), "pong");
}

TEST_F(WaitingConnectionTest, CannotNotifyAfterItsEnd) {
  connection_->Shutdown();
  EXPECT_THAT(connection_->Notify({{1, 3, 6}, "", {}}),
              StatusIs(absl::StatusCode::kCancelled, _));
}

TEST_F(WaitingConnectionTest, WritesNotificationsBetweenWholeAnswers) {
  std::thread notifier([this] {
    for (int i = 0; i < 100; ++i) {
      EXPECT_THAT(connection_->Notify({{1, 3, 6}, "", {}}), IsOk());
    }
  });
  for (int i = 0; i < 100; ++i) peer_.Say("get .1.3.1\n");
  int answers = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string line = peer_.HearLine();
    if (line == ".1.3.1 = Integer32 5") {
      ++answers;
    } else {
      EXPECT_EQ(line, "trap .1.3.6");
    }
  }
  EXPECT_EQ(answers, 100);
  notifier.join();
}

// --- Memory ---

// A peer that repeats a request and counts the allocations meanwhile.
class CountingTransport : public Transport {
 public:
  CountingTransport(absl::string_view request, int times, size_t* allocations)
      : request_(request), left_(times), allocations_(*allocations) {}

  absl::StatusOr<size_t> Read(std::string* buffer, absl::Duration) override {
    if (left_-- == 0) return 0;
    // The first requests fill the buffers.
    if (left_ == 10) allocations_ = AllocationCount();
    if (left_ == 0) allocations_ = AllocationCount() - allocations_;
    buffer->append(request_.data(), request_.size());
    return request_.size();
  }
  absl::Status Write(absl::string_view) override { return absl::OkStatus(); }
  void Shutdown() override {}

 private:
  const absl::string_view request_;
  int left_;
  size_t& allocations_;
};

TEST_F(ConnectionTest, AllocatesNothingForRequestsInSteadyState) {
  for (const absl::string_view request :
       {"get .1.3.1\n",
        "get .1.3.1.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19\n", "ping\n"}) {
    size_t allocations = 1;
    EXPECT_THAT(
        Connect(std::make_unique<CountingTransport>(request, 20, &allocations))
            ->Serve(),
        IsOk());
    EXPECT_EQ(allocations, 0u) << request;
  }
}

}  // namespace
}  // namespace passpersist::internal
