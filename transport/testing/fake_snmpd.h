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
#include "passpersist/testing/manual_scheduler.h"
#include "passpersist/transport.h"
#include "transport/pass_persist/pass_persist_client.h"

namespace passpersist_testing {

// Runs an agent in the test's own process and asks it what snmpd would ask
// (PassPersistClient), over pass_persist in memory: no snmpd, no pipes, no
// sleeps.
//
//   AgentBuilder builder;
//   builder.SetStoreFactory(BtreeStore::Factory());
//   AddInterfaces(builder);  // what is to be tested
//   FakeSnmpd snmpd(std::move(builder));
//   EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.0.1"), "INTEGER 123");
//
// Values are given as the type and text that snmpd gets, "STRING eth0", names
// with a leading dot. What is absent is "NONE"; if the agent gives no or no
// right answer, the text says so.
//
// Used by one thread at a time.
class FakeSnmpd {
 public:
  // Completes the builder with a transport, a codec and a manual scheduler,
  // starts the agent and waits for its first updates. If it can't be built, the
  // test fails.
  explicit FakeSnmpd(passpersist::AgentBuilder builder);

  // Closes snmpd's end and waits for the agent, which must end without error.
  ~FakeSnmpd();

  FakeSnmpd(const FakeSnmpd&) = delete;
  FakeSnmpd& operator=(const FakeSnmpd&) = delete;

  // "INTEGER 123".
  std::string Get(absl::string_view oid);

  // ".1.3.6.1.3.53.8.0.1 = INTEGER 123".
  std::string GetNext(absl::string_view oid);

  // All instances behind `oid`, each as from GetNext(), as far as the agent
  // goes.
  std::vector<std::string> Walk(absl::string_view oid);

  // Sets as snmpd does: first a get, and without an answer to that nothing.
  // `value` is snmpd's text, "integer 5" or "string \"text\"". "DONE" or the
  // word of an error, "not-writable".
  std::string Set(absl::string_view oid, absl::string_view value);

  // Lets time pass for periodic updates, which run within the call.
  void Advance(absl::Duration duration) { scheduler_->Advance(duration); }

 private:
  ManualScheduler* scheduler_ = nullptr;  // the agent's
  std::unique_ptr<passpersist::Transport> snmpd_end_;
  std::optional<passpersist::PassPersistClient> client_;
  std::unique_ptr<passpersist::Agent> agent_;
  std::thread thread_;
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_FAKE_SNMPD_H_
