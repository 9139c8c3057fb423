// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_FAKE_PEER_H_
#define PASSPERSIST_TESTING_FAKE_PEER_H_

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "passpersist/transport.h"

namespace passpersist_testing {

// The peer's end of a transport, for tests that run an agent on its own thread.
// FakeTransport is simpler if the agent can run on the test's thread.
//
// Safe for concurrent use.
class FakePeer {
 public:
  FakePeer();
  ~FakePeer();

  // Returns the agent's end, which may outlive this object. Called once.
  std::unique_ptr<passpersist::Transport> NewTransport();

  // Sends `bytes` to the agent.
  void Say(absl::string_view bytes);

  // Closes the peer's end: the agent reads the end of input.
  void Close();

  // Waits for the next line from the agent and returns it without its newline.
  // Once the agent's end was shut down or destroyed and all lines were
  // returned, returns the rest of the output, which is usually empty.
  std::string HearLine();

 private:
  class Channel;
  class PeerTransport;

  const std::shared_ptr<Channel> channel_;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_PEER_H_
