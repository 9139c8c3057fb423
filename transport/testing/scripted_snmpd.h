// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_TESTING_SCRIPTED_SNMPD_H_
#define TRANSPORT_TESTING_SCRIPTED_SNMPD_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/testing/simulation.h"
#include "transport/testing/fake_snmpd.h"

namespace passpersist_testing {

// Sends an agent whole PDUs, at the pace of snmpd and in simulated time. snmpd
// asks for the names of a PDU one by one, each after a PING, and for those of
// the next PDU right after if it has queued meanwhile:
//
//   PDU   a      b      c               a      b
//   ------+------+------+---------------+------+---------> time
//          140 us               1 ms
//
// A manager of Net-SNMP sends its request again after each second without an
// answer, five times. snmpd executes each of these PDUs, since they have
// queued. The manager gets the first answer.
//
// Used by one thread at a time.
class ScriptedSnmpd {
 public:
  struct Timing {
    absl::Duration name = absl::Microseconds(140);  // for a PING and a request
    absl::Duration pdu = absl::Milliseconds(1);     // between two PDUs
  };

  // `make_agent` describes the agent, without transport, codec, scheduler and
  // clock. Starts it.
  ScriptedSnmpd(std::shared_ptr<Simulation> simulation,
                std::function<passpersist::AgentBuilder()> make_agent);

  void set_timing(const Timing& timing) { timing_ = timing; }

  // snmpd pauses within the next PDU, before the name with this index.
  void PauseWithin(size_t index, absl::Duration pause) {
    pause_ = {index, pause};
  }

  using Names = std::vector<std::string>;

  // Return the bindings of the answer, in the forms of FakeSnmpd.
  Names Get(const Names& names);
  Names GetNext(const Names& names);
  // A name that has no next instance is asked for no longer.
  Names GetBulk(const Names& names, int max_repetitions);

  // Returns the answers of the agent. An error does not end the PDU, as in
  // snmpd (net-snmp 5.9.3 agent/helpers/old_api.c). Unlike snmpd, which begins
  // with the gets of all names, it sends each get right before its set.
  Names Set(const std::vector<std::pair<std::string, std::string>>& values);

  // Return the instances below `root`, by PDUs of one name.
  Names Walk(const std::string& root) { return BulkWalk(root, 1); }
  Names BulkWalk(const std::string& root, int max_repetitions = 10);

  // The longest time that a PDU has kept snmpd from other managers since the
  // last call.
  absl::Duration TakeLongest() {
    return std::exchange(longest_, absl::ZeroDuration());
  }
  // The PDUs that managers have sent again since the last call.
  int TakeRepeated() { return std::exchange(repeated_, 0); }

  // Ends the agent as snmpd does, by closing its pipes, and starts it again.
  void Restart();

 private:
  Names Execute(const std::function<Names()>& pdu);
  // Waits until snmpd asks for the next name.
  void AwaitTurn();

  const std::shared_ptr<Simulation> simulation_;
  const std::function<passpersist::AgentBuilder()> make_agent_;
  Timing timing_;
  std::optional<FakeSnmpd> agent_;
  size_t asked_ = 0;  // names of the PDU
  std::optional<std::pair<size_t, absl::Duration>> pause_;
  absl::Duration longest_;
  int repeated_ = 0;
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_SCRIPTED_SNMPD_H_
