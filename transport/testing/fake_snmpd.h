// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_TESTING_FAKE_SNMPD_H_
#define TRANSPORT_TESTING_FAKE_SNMPD_H_

#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/codec.h"
#include "passpersist/scheduling/scheduler.h"
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/transport.h"
#include "transport/pass_persist/pass_persist_client.h"

namespace passpersist_testing {

// Runs an agent in the test's own process and sends it the requests of snmpd
// (PassPersistClient), over pass_persist in memory: no snmpd, no pipes, no
// sleeps.
//
//   AgentBuilder builder;
//   AddInterfaces(builder);  // the code under test
//   FakeSnmpd snmpd(std::move(builder));
//   EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.0.1"), "INTEGER 123");
//
// Values are represented by the type and text that snmpd receives, "STRING
// eth0"; names have a leading dot. An absent instance is "NONE". If the agent's
// answer is missing or invalid, the text is the error.
//
// Used by one thread at a time.
class FakeSnmpd {
 public:
  // Adds a transport, a codec and a manual scheduler to the builder, and
  // FakeStores if it has no store factory. Starts the agent and waits for its
  // first updates. Fails the test if Build() fails.
  explicit FakeSnmpd(passpersist::AgentBuilder builder);

  // The same with a codec and a scheduler of the caller: see ScriptedSnmpd.
  // Advance() must not be called.
  FakeSnmpd(passpersist::AgentBuilder builder,
            std::unique_ptr<passpersist::Codec> codec,
            std::unique_ptr<passpersist::Scheduler> scheduler);

  // Closes snmpd's end and waits for the agent. Fails the test if the agent
  // ends with an error.
  ~FakeSnmpd();

  FakeSnmpd(const FakeSnmpd&) = delete;
  FakeSnmpd& operator=(const FakeSnmpd&) = delete;

  // "INTEGER 123".
  std::string Get(absl::string_view oid);

  // ".1.3.6.1.3.53.8.0.1 = INTEGER 123".
  std::string GetNext(absl::string_view oid);

  // Returns the instances below `oid`, in the form of GetNext(). Ends at the
  // subtree, as snmpwalk does.
  std::vector<std::string> Walk(absl::string_view oid);

  // Sends a set as snmpd does: first a get, and no set if the get has no
  // answer. `value` is snmpd's text, "integer 5" or "string \"text\"". Returns
  // "DONE" or the word of an error, "not-writable".
  std::string Set(absl::string_view oid, absl::string_view value);

  // Advances the time of periodic updates, which run within the call.
  void Advance(absl::Duration duration) { scheduler_->Advance(duration); }

 private:
  void Start(passpersist::AgentBuilder builder);

  ManualScheduler* scheduler_ = nullptr;  // the agent's
  std::unique_ptr<passpersist::Transport> snmpd_end_;
  std::optional<passpersist::PassPersistClient> client_;
  std::unique_ptr<passpersist::Agent> agent_;
  std::thread thread_;
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_FAKE_SNMPD_H_
