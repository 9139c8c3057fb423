// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_UNIX_LISTENER_FIXTURE_H_
#define TRANSPORT_POSIX_UNIX_LISTENER_FIXTURE_H_

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

// A folder for the door, and what its visitors do.
class UnixListenerTest : public testing::Test {
 protected:
  static constexpr char kPath[] = "door.sock";

  static std::unique_ptr<passpersist::Transport> Connect() {
    auto client = passpersist::ConnectUnix(kPath);
    if (client.ok()) return *std::move(client);
    ADD_FAILURE() << client.status();
    return nullptr;
  }

  static std::unique_ptr<passpersist::Transport> Accept(
      passpersist::UnixListener* listener) {
    auto guest = listener->Accept();
    if (guest.ok()) return *std::move(guest);
    ADD_FAILURE() << guest.status();
    return nullptr;
  }

  // What comes next from the other end, "" when that is closed.
  static std::string Hear(passpersist::Transport* transport) {
    std::string heard;
    return transport->Read(&heard, absl::InfiniteDuration()).ok() ? heard : "";
  }

  ScopedTempDir folder_;
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_POSIX_UNIX_LISTENER_FIXTURE_H_
