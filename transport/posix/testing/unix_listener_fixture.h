// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_TESTING_UNIX_LISTENER_FIXTURE_H_
#define TRANSPORT_POSIX_TESTING_UNIX_LISTENER_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/transport.h"
#include "transport/posix/unix_client.h"
#include "transport/posix/unix_listener.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist_testing {

// Provides a directory for the socket and the operations of clients.
class UnixListenerTest : public testing::Test {
 protected:
  static constexpr char kPath[] = "debug.sock";

  static std::unique_ptr<passpersist::Transport> Connect() {
    auto client = passpersist::ConnectUnix(kPath);
    if (client.ok()) return *std::move(client);
    ADD_FAILURE() << client.status();
    return nullptr;
  }

  static std::unique_ptr<passpersist::Transport> Accept(
      passpersist::UnixListener* listener) {
    auto accepted = listener->Accept();
    if (accepted.ok()) return *std::move(accepted);
    ADD_FAILURE() << accepted.status();
    return nullptr;
  }

  // Returns the next bytes from the other end, "" once that is closed.
  static std::string Receive(passpersist::Transport* transport) {
    std::string received;
    return transport->Read(&received, absl::InfiniteDuration()).ok() ? received
                                                                     : "";
  }

  ScopedTempDir directory_;
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_POSIX_TESTING_UNIX_LISTENER_FIXTURE_H_
