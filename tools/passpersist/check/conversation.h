// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_CONVERSATION_H_
#define TOOLS_PASSPERSIST_CHECK_CONVERSATION_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "tools/passpersist/check/tracing_transport.h"
#include "tools/passpersist/client/child_program.h"
#include "transport/pass_persist/pass_persist_client.h"
#include "transport/pass_persist/pass_persist_set.h"

namespace passpersist::tool {

// One run of the checked program, from its start to its end.
//
// Used by one thread at a time.
class Conversation {
 public:
  Conversation(std::unique_ptr<ChildProgram> program, absl::Duration limit);

  // A client with the limit of the constructor, or of the last Configure().
  PassPersistClient& client() { return client_; }

  // Changes the settings of the client. It stays the same client, since it may
  // have read a PONG that the program sent before its PING.
  void Configure(SetEnding ending, absl::Duration limit);

  const TracingTransport& trace() const { return trace_; }
  ChildProgram& program() { return *program_; }

  // Closes the program's input.
  void CloseInput();

  // What the program wrote to standard error before CloseInput(). After that
  // snmpd would not read it.
  std::string standard_error() const;

  // Returns true if the first answer came more than `age` ago. The time before
  // it doesn't count, since a program may load a lot at its start.
  bool IsOlderThan(absl::Duration age) const { return trace_.Age() > age; }

 private:
  const std::unique_ptr<ChildProgram> program_;
  TracingTransport trace_;
  PassPersistClient client_;
  bool input_closed_ = false;
  std::string early_standard_error_;
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_CONVERSATION_H_
