// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_TESTING_PASS_PERSIST_CODEC_RULES_H_
#define TRANSPORT_PASS_PERSIST_TESTING_PASS_PERSIST_CODEC_RULES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "transport/testing/codec_conformance_peer.h"

// The rules that PassPersistCodec obeys for all input from snmpd: each message
// has one answer, and each PING has one PONG, which may come with the answer
// before it.

namespace passpersist_testing {

// Acts as snmpd for a PassPersistCodec and an agent that accepts every set and
// has no objects.
//
// Used by one thread at a time.
class SnmpdPeer {
 public:
  SnmpdPeer();

  // Sends PING, then a message that arrives in `reads`. Fails the test unless
  // the codec replies one PONG, and one line of answer by the end of the
  // message and a read timeout. A PONG may follow the answer; the codec must
  // then not reply to the PING of the next call.
  void Ask(const std::vector<std::string>& reads);

 private:
  void Ping();

  const ModelAgent agent_;
  CodecPeer peer_;
  bool pong_ahead_ = false;
};

// Calls Ask(reads) and then Ask() with a get, on a new connection. Checks
// nothing if HasCommand(reads).
void ExpectOneAnswer(const std::vector<std::string>& reads);

// Returns true if a line of the text `value` after its first line counts as a
// PING. snmpd never sends such a line.
bool HasPing(absl::string_view value);

// Returns true if a read after the first begins with a line that is a command,
// as a person or a script writes it. The codec answers such a command.
bool HasCommand(const std::vector<std::string>& reads);

}  // namespace passpersist_testing

#endif  // TRANSPORT_PASS_PERSIST_TESTING_PASS_PERSIST_CODEC_RULES_H_
