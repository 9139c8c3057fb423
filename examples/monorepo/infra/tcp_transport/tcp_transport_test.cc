// SPDX-License-Identifier: Apache-2.0

#include "infra/tcp_transport/tcp_transport.h"

#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "infra/tcp_transport/tcp_client.h"
#include "infra/tcp_transport/tcp_port.h"
#include "transport/testing/transport_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

TransportPair ConnectOverTcp() {
  const auto port = acme::TcpPort::Open(0);
  if (port.ok()) {
    auto peer = acme::ConnectTcp((*port)->number());
    auto transport = (*port)->Accept();
    if (transport.ok()) return {*std::move(transport), std::move(peer)};
    ADD_FAILURE() << transport.status();
  }
  ADD_FAILURE() << port.status();
  return {};
}

INSTANTIATE_TEST_SUITE_P(TcpTransport, TransportConformanceTest,
                         testing::Values(TransportUnderTest{ConnectOverTcp}));

TEST(TcpPortTest, APortInUseIsAnErrorThatNamesThePort) {
  const auto first = acme::TcpPort::Open(0);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = acme::TcpPort::Open((*first)->number());
  EXPECT_NE(second.status().message().find("opening port " +
                                           std::to_string((*first)->number())),
            absl::string_view::npos)
      << second.status();
}

}  // namespace
}  // namespace passpersist_testing
