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

namespace passpersist {

// One run of the program that is checked, from its start to its end.
//
// Used by one thread at a time.
class Conversation {
 public:
  Conversation(std::unique_ptr<ChildProgram> program, absl::Duration limit);

  // Waits for answers as long as the options of the check say.
  PassPersistClient& client() { return client_; }

  // Another one, for between two requests.
  PassPersistClient Client(SetEnding ending, absl::Duration limit);

  const Transcript& transcript() const { return transcript_; }
  ChildProgram& program() { return *program_; }

  // Of the program's input.
  void CloseInput();

  // Until then; what comes later nobody would read.
  std::string standard_error() const;

  // Since the first answer, for which a program may have to load much.
  bool IsOlderThan(absl::Duration age) const { return transcript_.Age() > age; }

 private:
  const std::unique_ptr<ChildProgram> program_;
  Transcript transcript_;
  PassPersistClient client_;
  bool input_closed_ = false;
  std::string early_standard_error_;
};

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CHECK_CONVERSATION_H_
