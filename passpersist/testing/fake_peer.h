// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_FAKE_PEER_H_
#define PASSPERSIST_TESTING_FAKE_PEER_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "passpersist/transport.h"

namespace passpersist_testing {

// The other end of a transport, for tests in which an agent runs on a thread
// of its own: FakeTransport is simpler where it needn't.
//
// Safe for concurrent use.
class FakePeer {
 public:
  FakePeer();
  ~FakePeer();

  // The agent's end, which may outlive this. Called once.
  std::unique_ptr<passpersist::Transport> NewTransport();

  void Say(absl::string_view bytes);

  // Says nothing more.
  void Close();

  // Waits for the next line that the agent writes and returns it without its
  // end. Empty once the agent's end was shut down or destroyed.
  std::string HearLine();

 private:
  class Conversation;
  class PeerTransport;

  const std::shared_ptr<Conversation> conversation_;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_PEER_H_
