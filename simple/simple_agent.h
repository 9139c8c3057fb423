// SPDX-License-Identifier: Apache-2.0

#ifndef SIMPLE_SIMPLE_AGENT_H_
#define SIMPLE_SIMPLE_AGENT_H_

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "simple/simple_contents.h"
#include "simple/snmp_agent.h"
#include "simple/text_setter.h"

namespace passpersist {

// SnmpAgent in the short form, for programs with one subtree:
//
//   void Update(SimpleContents& contents) {
//     contents.AddInt("0.1", 123, "This is a label");
//     contents.AddString("0.2", "A string");
//   }
//
//   int main(int argc, char** argv) {
//     SimpleAgent agent(argc, argv, ".1.3.6.1.3.53.8", absl::Seconds(30),
//                       Update);
//     agent.AddSetter(".1.3.6.1.3.53.8.0.4", MySetter);
//     return agent.Run();
//   }
//
// A SimpleAgent behaves like any agent:
//
//   - snmpd's first answer waits for the first update, at most 5 seconds
//     (AgentBuilder::SetFirstUpdateTimeout()). If that update failed, no
//     instances are served.
//   - Each update replaces all values. What cannot be a value is left out and
//     reported to syslog.
//   - An update that fails keeps the old values and is reported to syslog.
//
// The update and each setter run on threads of their own: data that they share
// must be atomic or guarded by a lock.
//
// Used by one thread at a time.
class SimpleAgent : public SnmpAgent {
 public:
  // Serves the instances that `update` adds below `root`, a text such as
  // ".1.3.6.1.3.53.8". `update` runs at the start and then every `period`. It
  // takes SimpleContents& and returns void or an absl::Status (see
  // MakeSimpleUpdate()).
  //
  // If `root` is not an OID or `period` is not positive, Build() returns an
  // error, and Run() ends the process with that error.
  template <typename Update>
  SimpleAgent(absl::string_view root, absl::Duration period, Update update,
              SubtreeOptions options = {})
      : SimpleAgent(SnmpAgent(), Oid::Parse(root), period,
                    MakeSimpleUpdate(std::move(update)), options) {}

  // The same with the command line: see SnmpAgent.
  template <typename Update>
  SimpleAgent(int& argc, char** argv, absl::string_view root,
              absl::Duration period, Update update, SubtreeOptions options = {})
      : SimpleAgent(SnmpAgent(argc, argv), Oid::Parse(root), period,
                    MakeSimpleUpdate(std::move(update)), options) {}

  // The same, but `update` runs only for requests, if `time_to_live` has passed
  // since the last run: see AgentBuilder::AddSubtreeOnDemand().
  //
  //   SimpleAgent agent = SimpleAgent::OnDemand(
  //       argc, argv, ".1.3.6.1.3.53.8", absl::Seconds(30), Update);
  template <typename Update>
  static SimpleAgent OnDemand(absl::string_view root,
                              absl::Duration time_to_live, Update update,
                              SubtreeOptions options = {}) {
    return SimpleAgent(SnmpAgent(), Oid::Parse(root), time_to_live,
                       MakeSimpleUpdate(std::move(update)), options,
                       /*on_demand=*/true);
  }
  template <typename Update>
  static SimpleAgent OnDemand(int& argc, char** argv, absl::string_view root,
                              absl::Duration time_to_live, Update update,
                              SubtreeOptions options = {}) {
    return SimpleAgent(SnmpAgent(argc, argv), Oid::Parse(root), time_to_live,
                       MakeSimpleUpdate(std::move(update)), options,
                       /*on_demand=*/true);
  }

  // Calls `set` for SNMP SETs at and below `oid`, a full OID such as
  // ".1.3.6.1.3.53.8.0.4" (see TextSetFunction). An OID outside the subtree is
  // an error of Build(), like an OID that cannot be parsed. If several setters
  // enclose an instance, the setter with the longest OID is called. Without a
  // setter the answer is "not-writable".
  SimpleAgent& AddSetter(absl::string_view oid, TextSetFunction set,
                         TextSetterOptions options = {});
  using SnmpAgent::AddSetter;

 private:
  SimpleAgent(SnmpAgent agent, absl::StatusOr<Oid> root, absl::Duration period,
              UpdateFn update, SubtreeOptions options, bool on_demand = false);

  Oid root_;  // empty if it could not be parsed
};

}  // namespace passpersist

#endif  // SIMPLE_SIMPLE_AGENT_H_
