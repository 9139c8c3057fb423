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

namespace passpersist {

// To a program of a pass_persist line, in whatever language, which is started
// as snmpd starts it and asked what snmpd would ask. What the protocol has no
// request for is made of those that it has: a GetBulk is many getnexts (as many
// as go well; the error is the next answer), a Dump a walk. What a program
// can't tell is Unimplemented.
//
// A program that breaks the protocol, ends, or does not answer in time is
// killed, and started anew by the next request, as by snmpd.
//
// Used by one thread at a time, but for Interrupt().
class ProgramClient : public AgentClient {
 public:
  struct Options {
    // For an answer.
    absl::Duration limit = absl::Seconds(5);
    // Where a walk without a name begins: snmpd always names one, since its
    // configuration has the base.
    Oid base = {1, 3, 6, 1};
    // Is told what the program writes to its standard error, by whole lines
    // where there are some. snmpd would read that as answers.
    std::function<void(absl::string_view)> standard_error;
  };

  // `command` is the program and its arguments.
  static absl::StatusOr<std::unique_ptr<ProgramClient>> Start(
      std::vector<std::string> command, Options options);

  absl::StatusOr<debug::Response> Call(debug::Request request) override;
  absl::Status Dump(
      const debug::Dump& dump,
      absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take) override;

  // No call waits for something to happen.
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
  // The first instance of `range`, in the form of its protocol.
  absl::StatusOr<VarBind> First(const SearchRange& range);

  const std::vector<std::string> command_;
  const Options options_;
  std::unique_ptr<ChildProgram> program_;  // null if it has to be started
  std::unique_ptr<PassPersistClient> client_;
  absl::Status broken_;  // the next answer
  size_t shown_ = 0;     // of the program's standard error
};

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CLIENT_PROGRAM_CLIENT_H_
