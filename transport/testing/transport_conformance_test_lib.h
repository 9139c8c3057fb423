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

// The two ends of a connection: the transport under test and its peer.
using TransportPair = std::pair<std::unique_ptr<passpersist::Transport>,
                                std::unique_ptr<passpersist::Transport>>;

struct TransportUnderTest {
  // Creates a connection. The peer is the transport at the other end. It is
  // best of another class, such as an FdTransport, so that an error at one end
  // cannot hide an error at the other. Destroying the peer closes its end.
  std::function<TransportPair()> connect;

  // False if Shutdown() ends a blocked Read() or Write() only when the peer
  // acts. Three tests are then skipped with a message.
  bool shutdown_interrupts = true;

  // False if Write() accepts any number of unread bytes. Three tests are then
  // skipped with a message.
  bool write_waits = true;

  friend std::ostream& operator<<(std::ostream& os,
                                  const TransportUnderTest& t);
};

// Tests of the behaviour that every Transport must have. To run the suite on
// your own transport, write
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
// A failing test should terminate, so the tests wait for expected events with a
// limit. If the transport itself waits forever, the timeout of the test runner
// ends the test. Run the suite under the address and the thread sanitizer too:
// they detect the races that the tests with several threads provoke.
class TransportConformanceTest
    : public testing::TestWithParam<TransportUnderTest> {
 protected:
  // The time after which an expected event fails the test, on a busy machine.
  static constexpr absl::Duration kLimit = absl::Seconds(20);

  // How long a test observes a call that must block. If the time is too short
  // for a slow machine, the test detects less, but does not fail.
  static constexpr absl::Duration kObservationTime = absl::Milliseconds(20);

  // Resets SIGPIPE to its default action, which ends the process, unless the
  // transport changes it: a program must not need a handler for the case that
  // its peer has closed the connection.
  TransportConformanceTest();

  // Opens the next connection.
  void Connect();

  passpersist::Transport& transport() { return *pair_.first; }
  passpersist::Transport& peer() { return *pair_.second; }
  void DestroyTransport() { pair_.first.reset(); }
  void HangUp() { pair_.second.reset(); }

 private:
  TransportPair pair_;
};

// Returns the next `size` bytes that `transport` receives. Returns fewer, and
// fails the test, at the end of input or after `limit`.
std::string ReadBytes(passpersist::Transport* transport, size_t size,
                      absl::Duration limit);

// Returns `size` bytes of all values, including NUL, in a sequence that makes
// every change of order detectable.
std::string SomeBytes(size_t size);

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_TRANSPORT_CONFORMANCE_TEST_LIB_H_
