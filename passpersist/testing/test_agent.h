// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_TEST_AGENT_H_
#define PASSPERSIST_TESTING_TEST_AGENT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/get_result.h"
#include "passpersist/testing/simulation.h"
#include "passpersist/value.h"

namespace passpersist_testing {

// Runs an agent in the test's own process and reads and sets its instances: no
// snmpd, no protocol, no time that passes by itself.
//
//   AgentBuilder builder;
//   AddInterfaces(builder);  // the code under test
//   TestAgent agent(std::move(builder));
//   EXPECT_EQ(agent.Get({1, 3, 6, 1, 3, 53, 1, 0}), Integer32{123});
//   EXPECT_EQ(agent.Set({1, 3, 6, 1, 3, 53, 1, 0}, Integer32{-1}),
//             ErrorStatus::kWrongValue);
//   agent.Advance(absl::Seconds(10));  // runs the updates that become due
//   EXPECT_THAT(agent.TakeErrors(), IsEmpty());
//
// Each call is a PDU of its own. Updates, setters and functions of computed
// values run in simulated time: see Simulation. For what snmpd makes of an
// answer, use transport/testing/fake_snmpd.h.
//
// Used by one thread at a time.
class TestAgent {
 public:
  // Starts the agent and waits for its first updates. Replaces the builder's
  // transport, codec, scheduler, clock and error callback. If the builder has
  // no store factory, the stores are FakeStores. Fails the test if Build()
  // fails; later calls then fail it, too.
  //
  // Functions that call `simulation->Sleep()` need the simulation before there
  // is an agent, so the caller may make it.
  explicit TestAgent(
      passpersist::AgentBuilder builder,
      std::shared_ptr<Simulation> simulation = std::make_shared<Simulation>());

  // Ends the agent. Fails the test if Agent::Run() returns an error.
  ~TestAgent();

  TestAgent(const TestAgent&) = delete;
  TestAgent& operator=(const TestAgent&) = delete;

  GetResult Get(const passpersist::Oid& oid);

  // Returns the first instance after `oid`, of all subtrees.
  std::optional<passpersist::VarBind> GetNext(const passpersist::Oid& oid);

  // Returns the instances below `root`, by one GETNEXT for each.
  std::vector<passpersist::VarBind> Walk(const passpersist::Oid& root);

  // Sets all instances or none, in the phases of a protocol that has them
  // (RFC 2741 section 7.2.4): Test(), Commit() and the destructor of the
  // assignments; Undo() if a commit fails. Returns the error status that the
  // manager receives: that of the test, kCommitFailed or kUndoFailed.
  passpersist::ErrorStatus Set(
      const std::vector<passpersist::VarBind>& bindings);
  passpersist::ErrorStatus Set(const passpersist::Oid& oid,
                               const passpersist::Value& value);

  // Sends any other request, such as a GetBulk, and returns the response.
  passpersist::Response Send(passpersist::Operation operation);

  // Lets time pass: runs the updates that become due, and continues the
  // functions whose sleep ends.
  void Advance(absl::Duration duration) { simulation_->Advance(duration); }

  // Returns Status::ToString() of the errors that the agent has reported since
  // the last call.
  std::vector<std::string> TakeErrors() { return errors_.Take(); }

  // Measures the agent and runs its updates. Requires that Build() succeeded.
  passpersist::AgentMonitor& monitor() { return agent_->monitor(); }

 private:
  class Channel;
  class ChannelTransport;
  class ChannelCodec;

  // One phase of the present set.
  passpersist::ErrorStatus SendPhase(passpersist::Operation operation);

  const std::shared_ptr<Simulation> simulation_;
  const std::shared_ptr<Channel> channel_;
  ErrorLog errors_;
  std::unique_ptr<passpersist::Agent> agent_;
  std::thread thread_;
  uint32_t transaction_ = 0;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_TEST_AGENT_H_
