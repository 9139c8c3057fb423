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
#include "simple/text_setter.h"

namespace passpersist {

// The short form of an agent for snmpd, with one subtree:
//
//   void Update(SimpleContents& contents) {
//     contents.AddInt("0.1", 123, "This is a label");
//     contents.AddStr("0.2", "A string");
//   }
//
//   int main() {
//     SimpleAgent agent(".1.3.6.1.3.53.8", absl::Seconds(30), Update);
//     agent.AddSetter(".1.3.6.1.3.53.8.0.4", MySetter);
//     agent.Run();
//   }
//
// It is an AgentBuilder that has been told what most programs tell it:
//
//   SimpleAgent --fills--> AgentBuilder --Build()--> Agent
//                            transport   FdTransport::Stdio(), by Run()
//                            codec       PassPersistCodec
//                            store       BtreeStore
//                            scheduler   ThreadScheduler
//
// and builder() takes everything else, so nothing has to be written anew when a
// program outgrows this. What is true of an agent is true of this one: snmpd's
// first answer waits for the first update, 5 seconds at most
// (AgentBuilder::SetFirstUpdateTimeout()), and shows nothing if that failed;
// each takes the place of all values; one that fails keeps them, and is
// reported to syslog.
//
// The update is called by a thread of its own, the setters by the one that
// serves snmpd: what they share needs a lock or has to be atomic.
//
// Used by one thread at a time.
class SimpleAgent {
 public:
  // Serves what `update` adds below `base`, a text such as ".1.3.6.1.3.53.8",
  // at once and anew every `period`. `update` is called with SimpleContents&
  // and returns nothing or an absl::Status (see MakeSimpleUpdate()).
  //
  // A base that is no OID or a period that is not positive is an error of
  // Build(), with which Run() ends.
  template <typename Update>
  SimpleAgent(absl::string_view base, absl::Duration period, Update update)
      : SimpleAgent(Oid::Parse(base), period,
                    MakeSimpleUpdate(std::move(update))) {}

  SimpleAgent(SimpleAgent&&) = default;
  SimpleAgent& operator=(SimpleAgent&&) = default;

  // Lets `set` decide about SNMP SETs at and below `oid`, the full name with
  // the base (see TextSetFunction). Of several that enclose an instance the
  // nearest is asked; without one the answer is "not-writable".
  SimpleAgent& AddSetter(absl::string_view oid, TextSetFunction set);

  // For all options of the full form: more subtrees, another store, OnError(),
  // a side door.
  AgentBuilder& builder() { return builder_; }

  // Hands the builder over: to FakeSnmpd in a test, to a main function that
  // sets another transport (there is none yet). Leaves this empty.
  AgentBuilder TakeBuilder() && { return std::move(builder_); }

  // The end of a main function: serves snmpd on standard input and output until
  // it closes them, and ends the process (AgentMain()). From here on nothing
  // that the program prints reaches snmpd (FdTransport::Stdio()), so print
  // nothing before. A transport that was set is not used.
  [[noreturn]] void Run();

 private:
  SimpleAgent(absl::StatusOr<Oid> base, absl::Duration period, UpdateFn update);

  AgentBuilder builder_;
};

}  // namespace passpersist

#endif  // SIMPLE_SIMPLE_AGENT_H_
