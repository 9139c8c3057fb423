// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_TESTING_PASS_PERSIST_CODEC_RULES_H_
#define TRANSPORT_PASS_PERSIST_TESTING_PASS_PERSIST_CODEC_RULES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "transport/testing/codec_conformance_peer.h"

// What snmpd wants of PassPersistCodec, whatever it writes: for each message
// one answer, and for each PING one PONG.

namespace passpersist_testing {

// snmpd in front of a PassPersistCodec and an agent that grants every set and
// has no objects.
//
// Used by one thread at a time.
class SnmpdPeer {
 public:
  SnmpdPeer();

  // Sends PING, then a message that arrives in `reads`. A failure unless one
  // PONG comes, and one line of answer by the end of the message and a silence.
  void Ask(const std::vector<std::string>& reads);

 private:
  void Ping();

  const ModelAgent agent_;
  CodecPeer peer_;
};

// Ask(), and a PING afterwards, on a new connection. Checks nothing if
// SaysCommand(reads).
void ExpectOneAnswer(const std::vector<std::string>& reads);

// Whether a line of the text `value` after its first one counts as a PING.
// snmpd never sends such a line.
bool SaysPing(absl::string_view value);

// Whether a read after the first begins with a line that is a command, as a
// person or a script writes it. The codec answers it.
bool SaysCommand(const std::vector<std::string>& reads);

}  // namespace passpersist_testing

#endif  // TRANSPORT_PASS_PERSIST_TESTING_PASS_PERSIST_CODEC_RULES_H_
