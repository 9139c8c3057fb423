// SPDX-License-Identifier: Apache-2.0

#ifndef SIMPLE_SNMP_AGENT_H_
#define SIMPLE_SNMP_AGENT_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "passpersist/agent_builder.h"
#include "transport/pass_persist/pass_request.h"

namespace passpersist {

// An AgentBuilder with the usual parts, for the main function of a program that
// snmpd starts:
//
//   int main(int argc, char** argv) {
//     passpersist::SnmpAgent agent(argc, argv);
//     AddDisks(agent);  // void AddDisks(passpersist::AgentBuilder& builder)
//     return agent.Run();
//   }
//
//   transport  FdTransport::Stdio(), by Run()
//   codec      PassPersistCodec
//   store      TrieStore
//   scheduler  ThreadScheduler
//   sysUpTime  ProcessSysUpTime
//
// The program may set other parts, as with any AgentBuilder.
//
// The command line chooses how the agent serves:
//
//   pass_persist OID program           one process that serves all requests
//   pass OID program                   a process for each request: see below
//
//   --root OID           ServeOnly(OID): serves the subtrees at and below OID.
//                        For programs in several lines of snmpd.conf, each with
//                        its own OID. One line with the common OID of all
//                        subtrees starts one process, so prefer that.
//   --debug-socket PATH  adds a debug socket for the tool `passpersist`
//
//   --snmpd-pid PID      time stamps count from the start of this process: for
//                        an snmpd that is not an ancestor of the program
//
// An option may also be one argument, such as `--root=OID`.
//
// Under `pass`, snmpd appends `-g OID`, `-n OID` or `-s OID TYPE VALUE` to the
// arguments. Run() answers this request and ends. It runs and waits for the
// first updates of those subtrees only that the answer may come from. Nothing
// is kept between two requests: SETs reach only setters that are durable
// (AgentBuilder::RequireDurableSetters()), and no debug socket is opened.
// docs/deployment.md compares both.
//
// Used by one thread at a time.
class SnmpAgent : public AgentBuilder {
 public:
  // Without a command line: serves pass_persist.
  SnmpAgent();

  // Removes the arguments that it understands from `argv`, and leaves all
  // others in their order. Run() reports the value of an option that it cannot
  // use.
  SnmpAgent(int& argc, char** argv);

  // The last call of a main function: builds the agent, serves snmpd on
  // standard input and output until snmpd closes them, and ends the process as
  // AgentMain() does, with its exit status. Does not return, so that nothing
  // waits for updates that hang; the type int is for `return agent.Run();`.
  //
  // Uses the transport that the program has set, if any, and serves no `pass`
  // then.
  //
  // From this call on, output of the program does not reach snmpd
  // (FdTransport::Stdio()). Output printed earlier may, so print nothing
  // before.
  [[noreturn]] int Run();

 private:
  void SetOption(absl::string_view option, absl::string_view value);
  [[noreturn]] void AnswerPassRequest();

  std::optional<PassRequest> pass_request_;
  absl::Status command_line_;  // the first error in it
};

}  // namespace passpersist

#endif  // SIMPLE_SNMP_AGENT_H_
