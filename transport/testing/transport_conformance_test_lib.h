// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_TESTING_TRANSPORT_CONFORMANCE_TEST_LIB_H_
#define TRANSPORT_TESTING_TRANSPORT_CONFORMANCE_TEST_LIB_H_

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/transport.h"

namespace passpersist_testing {

// The two ends of a conversation: the transport under test and its peer.
using TransportPair = std::pair<std::unique_ptr<passpersist::Transport>,
                                std::unique_ptr<passpersist::Transport>>;

struct TransportUnderTest {
  // Makes a conversation. The peer is whatever moves bytes at the other end;
  // the best one is of another class, such as an FdTransport, so that no
  // mistake at one end can hide another at the other. Destroying the peer
  // closes its end.
  std::function<TransportPair()> connect;

  // False where Shutdown() ends a Read() or Write() that waits only when the
  // peer does something. Three tests are skipped then, and say so.
  bool shutdown_interrupts = true;

  // False where Write() takes any number of bytes that nobody has read. Three
  // tests are skipped then, and say so.
  bool write_waits = true;

  // False where PeerHasGone() is always false. A test is skipped then, and says
  // so.
  bool sees_the_peer_go = true;

  friend std::ostream& operator<<(std::ostream& os,
                                  const TransportUnderTest& t);
};

// What every Transport does, as tests. A transport of your own passes them by
//
//   #include "transport/testing/transport_conformance_test_lib.h"
//
//   namespace passpersist_testing {
//   namespace {
//
//   TransportPair Connect() {
//     std::array<int, 2> ends = ...;
//     return {std::make_unique<MyTransport>(ends[0]),
//             std::make_unique<passpersist::FdTransport>(ends[1], ends[1])};
//   }
//
//   INSTANTIATE_TEST_SUITE_P(MyTransport, TransportConformanceTest,
//                            testing::Values(TransportUnderTest{Connect}));
//
//   }  // namespace
//   }  // namespace passpersist_testing
//
// in a cc_test with the dependencies
//
//   "//transport:fd_transport",
//   "//transport:transport_conformance_test_lib",
//   "@com_google_googletest//:gtest_main",
//
// A test that fails should end, so what must come is waited for with a limit.
// Where the transport itself waits for ever, that of the test runner ends it.
// Run the suite under the address and the thread sanitizer too: what the tests
// with several threads provoke, those make visible.
class TransportConformanceTest
    : public testing::TestWithParam<TransportUnderTest> {
 protected:
  // How long what must come may take, on a machine that has other things to
  // do, before the test fails.
  static constexpr absl::Duration kLimit = absl::Seconds(20);

  // How long what must wait is looked at. Too short for a slow machine means
  // that a test sees less, not that it fails.
  static constexpr absl::Duration kLook = absl::Milliseconds(20);

  // A program whose peer has gone must not need a handler: SIGPIPE ends the
  // process here, unless the transport sees to it.
  TransportConformanceTest();

  // Opens the next conversation.
  void Connect();

  passpersist::Transport& transport() { return *pair_.first; }
  passpersist::Transport& peer() { return *pair_.second; }
  void DestroyTransport() { pair_.first.reset(); }
  void HangUp() { pair_.second.reset(); }

 private:
  TransportPair pair_;
};

// The next `size` bytes that come to `transport`. Fewer, and a failure, if
// there are no more or they don't come within `limit`.
std::string ReadBytes(passpersist::Transport* transport, size_t size,
                      absl::Duration limit);

// `size` bytes of all values, NUL too, whose order is not to be mistaken.
std::string SomeBytes(size_t size);

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_TRANSPORT_CONFORMANCE_TEST_LIB_H_
