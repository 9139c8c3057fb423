// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CLIENT_PROGRAM_CLIENT_H_
#define TOOLS_PASSPERSIST_CLIENT_PROGRAM_CLIENT_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "tools/passpersist/client/agent_client.h"
#include "tools/passpersist/client/child_program.h"
#include "transport/pass_persist/pass_persist_client.h"

namespace passpersist::tool {

// A connection to a pass_persist program in any language. The program is
// started as snmpd starts it and gets the requests that snmpd would send.
// Requests that pass_persist doesn't have are made of others: a GetBulk is a
// sequence of getnexts (up to the first error, which is then the answer to the
// next Call()), a Dump is a walk. Requests that a program can't answer are
// Unimplemented.
//
// If the program breaks the protocol, ends, or does not answer in time, it is
// killed, and the next request starts it again, as with snmpd.
//
// Used by one thread at a time, except Interrupt().
class ProgramClient : public AgentClient {
 public:
  struct Options {
    // How long to wait for an answer.
    absl::Duration limit = absl::Seconds(5);
    // A walk of everything begins here. pass_persist requests always need a
    // name; snmpd takes it from the base in its configuration.
    Oid base = {1, 3, 6, 1};
    // Called with what the program writes to its standard error, after each
    // request. snmpd would read that text as answers.
    std::function<void(absl::string_view)> standard_error;
  };

  // `command` is the program and its arguments.
  static absl::StatusOr<std::unique_ptr<ProgramClient>> Start(
      std::vector<std::string> command, Options options);

  absl::StatusOr<debug::Response> Call(debug::Request request) override;
  absl::Status Dump(
      const debug::Dump& dump,
      absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take) override;

  // Does nothing: no call waits for an event.
  void Interrupt() override {}

 private:
  ProgramClient(std::vector<std::string> command, Options options);

  absl::Status StartProgram();
  // Kills the program unless `status` is OK.
  absl::Status Finish(absl::Status status);
  void ShowStandardError();

  absl::Status Get(const debug::Get& get, debug::Response* response);
  absl::Status GetNext(const debug::GetNext& get_next,
                       debug::Response* response);
  absl::Status GetBulk(const debug::GetBulk& get_bulk,
                       debug::Response* response);
  absl::Status Set(const debug::Set& set, debug::Response* response);
  // Returns the first instance of `range`, or EndOfMibView with the range's
  // start.
  absl::StatusOr<ResponseVarBind> First(const SearchRange& range);

  const std::vector<std::string> command_;
  const Options options_;
  std::unique_ptr<ChildProgram> program_;  // null if it must be started
  std::unique_ptr<PassPersistClient> client_;
  absl::Status pending_error_;  // the next Call() returns it
  size_t shown_bytes_ = 0;      // of the program's standard error
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CLIENT_PROGRAM_CLIENT_H_
