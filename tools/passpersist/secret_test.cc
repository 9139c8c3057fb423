// SPDX-License-Identifier: Apache-2.0
//
// What is set to a secret object appears nowhere.

#include <cstdlib>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/setter.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/transport.h"
#include "passpersist/value.h"
#include "store/btree_store.h"
#include "tools/passpersist/client/child_program.h"
#include "tools/process/testing/wait.h"
#include "tools/runfile.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_codec.h"
#include "transport/memory/in_memory_transport.h"
#include "transport/pass_persist/pass_persist_client.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/unix_listener.h"
#include "transport/recording/recorder.h"
#include "transport/recording/recording_reader.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist_testing {
namespace {

using passpersist::Agent;
using passpersist::AgentBuilder;
using passpersist::BtreeStore;
using passpersist::CommitResult;
using passpersist::Contents;
using passpersist::DebugCodec;
using passpersist::ErrorStatus;
using passpersist::InMemoryTransport;
using passpersist::Integer32;
using passpersist::MakeSetter;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::PassPersistClient;
using passpersist::PassPersistCodec;
using passpersist::Recorder;
using passpersist::RecordingReader;
using passpersist::Transport;
using passpersist::UnixListener;
using passpersist::Value;
using passpersist::tool::ChildProgram;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

// What is set; the setter rejects the second one with a message that has it.
constexpr char kPassword[] = "open sesame";
constexpr char kRejected[] = "reject sesame";
constexpr int kPin = 471147;

MATCHER(HasNoSecret, "") {
  return !absl::StrContains(arg, "sesame") && !absl::StrContains(arg, "471147");
}

// An agent with a password at .1.3.1.0, a PIN at .1.3.2.0 and a number that is
// not secret at .1.3.3.0. snmpd has set all of them.
class SecretTest : public testing::Test {
 protected:
  SecretTest() {
    setenv("PASSPERSIST_SOCKET", "agent.sock", /*replace=*/1);
    auto [here, there] = InMemoryTransport::MakePair();
    snmpd_ = std::move(here);
    const auto set = [](const Oid&, const Value& value) -> CommitResult {
      if (value == Value(OctetString{kRejected})) {
        return absl::UnavailableError(absl::StrCat("cannot store ", kRejected));
      }
      return ErrorStatus::kNoError;
    };
    AgentBuilder builder;
    builder.SetTransport(std::move(there))
        .SetCodec(std::make_unique<PassPersistCodec>())
        .SetStoreFactory(BtreeStore::Factory())
        .SetScheduler(std::make_unique<passpersist::ThreadScheduler>())
        .SetFirstUpdateTimeout(absl::InfiniteDuration())
        .OnError(errors_.Hook())
        .AddSubtree(Oid{1, 3}, absl::Hours(1),
                    [](Contents& contents) {
                      contents.Put({1, 0}, OctetString{});
                      contents.Put({2, 0}, Integer32{0});
                      contents.Put({3, 0}, Integer32{0});
                      return absl::OkStatus();
                    })
        .AddSetter(Oid{1, 3}, MakeSetter(set))
        .AddSecret(Oid{1, 3, 1})
        .AddSecret(Oid{1, 3, 2, 0})
        .AddObserver(Recorder::Open("agent.rec"))
        .AddListener(UnixListener::Listen("agent.sock"), DebugCodec::Factory());
    agent_ = builder.Build().value();
    runner_ = std::thread([this] { EXPECT_TRUE(agent_->Run().ok()); });
    client_ = std::make_unique<PassPersistClient>(
        snmpd_.get(), PassPersistClient::Options{kTimeout});
    EXPECT_TRUE(client_->Ping().ok());
  }

  ~SecretTest() override {
    agent_->Shutdown();
    runner_.join();
    unsetenv("PASSPERSIST_SOCKET");
  }

  void SetAll() {
    EXPECT_EQ(client_->SetValue({{1, 3, 1, 0}, OctetString{kPassword}}).value(),
              ErrorStatus::kNoError);
    EXPECT_EQ(client_->SetValue({{1, 3, 2, 0}, Integer32{kPin}}).value(),
              ErrorStatus::kNoError);
    EXPECT_EQ(client_->SetValue({{1, 3, 3, 0}, Integer32{12345}}).value(),
              ErrorStatus::kNoError);
    EXPECT_EQ(client_->SetValue({{1, 3, 1, 0}, OctetString{kRejected}}).value(),
              ErrorStatus::kResourceUnavailable);
    // The codec itself refuses a value that is none.
    EXPECT_EQ(client_->Set(".1.3.2.0", absl::StrCat("integer x", kPin)).value(),
              "wrong-value");
    EXPECT_TRUE(client_->GetValue({1, 3, 3, 0}).ok());
  }

  // The output of the tool.
  static std::string Run(std::vector<std::string> arguments) {
    return Finish(Start(std::move(arguments)).get());
  }
  static std::unique_ptr<ChildProgram> Start(
      std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(),
                     Runfile("tools/passpersist/passpersist"));
    return ChildProgram::Start(arguments).value();
  }
  static std::string Finish(ChildProgram* program) {
    std::string output;
    while (program->transport().Read(&output, kTimeout).value_or(0) > 0) {
    }
    EXPECT_EQ(program->Wait(kTimeout), 0) << program->standard_error();
    return output;
  }

  const ScopedTempDir directory_;
  ErrorLog errors_;
  std::unique_ptr<Transport> snmpd_;
  std::unique_ptr<Agent> agent_;
  std::thread runner_;
  std::unique_ptr<PassPersistClient> client_;
};

TEST_F(SecretTest, ReadsAndDumpsShowNothing) {
  SetAll();
  EXPECT_EQ(client_->GetValue({1, 3, 1, 0}).value().value,
            passpersist::ValueOrException(OctetString{}));
  EXPECT_EQ(client_->GetNextValue({1, 3, 1, 0}).value().value,
            passpersist::ValueOrException(Integer32{0}));
  EXPECT_EQ(Run({"get", ".1.3.1.0", ".1.3.2.0", ".1.3.3.0"}),
            ".1.3.1.0 = \"\"\n.1.3.2.0 = INTEGER: 0\n"
            ".1.3.3.0 = INTEGER: 12345\n");
  EXPECT_EQ(Run({"set", ".1.3.1.0", "s", kPassword}), ".1.3.1.0 = \"\"\n");
  EXPECT_THAT(Run({"dump"}), AllOf(HasSubstr("12345"), HasNoSecret()));

  ASSERT_TRUE(client_->Send("DUMP\nget\n.1.3.3.0\n").ok());
  std::string dump;
  for (std::string line; line != "12345";) {
    line = client_->ReadLine(kTimeout).value();
    absl::StrAppend(&dump, line, "\n");
  }
  EXPECT_THAT(dump, AllOf(HasSubstr("'1.0'"), HasNoSecret()));
}

TEST_F(SecretTest, WatchingShowsNothing) {
  const auto watch = Start({"--count=10", "watch"});
  // Events before the tool has connected are not shown.
  ASSERT_TRUE(Eventually([&] {
    SetAll();
    return watch->Wait(absl::ZeroDuration()).has_value();
  }));
  EXPECT_THAT(Finish(watch.get()),
              AllOf(HasSubstr("set"), HasSubstr(".1.3.1.0"), HasSubstr("12345"),
                    HasNoSecret()));
}

TEST_F(SecretTest, ARecordingHoldsNothing) {
  SetAll();
  std::string events;
  RecordingReader reader = RecordingReader::Open("agent.rec").value();
  ASSERT_TRUE(Eventually([&] {
    passpersist::debug::Event event;
    while (reader.Next(&event).value()) {
      absl::StrAppend(&events, event.DebugString());
    }
    return absl::StrContains(events, "RESOURCE_UNAVAILABLE");
  }));
  EXPECT_THAT(events, AllOf(HasSubstr("set {"), HasSubstr(".1.3.1.0"),
                            HasSubstr("12345"), HasNoSecret()));
}

TEST_F(SecretTest, ReportsSayNothing) {
  SetAll();
  EXPECT_THAT(errors_.Take(),
              ElementsAre("UNAVAILABLE: set of .1.3.1.0: failed; the object is "
                          "secret, so the setter's message is left out"));
  EXPECT_THAT(Run({"stats"}), AllOf(HasSubstr(".1.3.1.0"), HasNoSecret()));
}

}  // namespace
}  // namespace passpersist_testing
