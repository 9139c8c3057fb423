// SPDX-License-Identifier: Apache-2.0

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_codec.h"
#include "transport/debug/debug_framing.h"
#include "transport/debug/testing/debug_test_messages.h"
#include "transport/testing/codec_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

using passpersist::AppendFrame;
using passpersist::DebugCodec;

// Returns a conversation of one piece with all `requests`.
Conversation Frames(const std::vector<std::string>& requests) {
  std::string bytes;
  for (const std::string& request : requests) {
    AppendFrame(FromText<passpersist::debug::Request>(request), &bytes);
  }
  return {bytes};
}

INSTANTIATE_TEST_SUITE_P(
    DebugCodec, CodecConformanceTest,
    testing::Values(CodecUnderTest{
        DebugCodec::Factory(),
        {
            Frames({"id: 1 get { oids: '.1.3.6.1.4.1.8072.9999.9999.1.0' }"}),
            Frames({"get_next { ranges { start: '.1.3' } ranges { } }",
                    "get { oids: '.1' oids: '.x' }"}),
            Frames({"id: 2 get_bulk { max_repetitions: 3 ranges { } }",
                    "dump { limit: 3 }", "describe { }"}),
            Frames({"id: 3 dump { range { start: '.1.3' } }", "id: 4"}),
            Frames({"set { bindings { oid: '.1.3' integer: -5 } "
                    "bindings { oid: '.1.4' octet_string: '\\0\\377' } }"}),
            Frames({"transaction: 7 test_set { bindings { oid: '.1.3' "
                    "ip_address: '10.1.2.3' } }",
                    "commit_set { }", "undo_set { }", "cleanup_set { }"}),
            Frames({"get_statistics { }", "watch { wait { nanos: 1 } }",
                    "run_update { root: '.1.3' wait { seconds: 1 } }"}),
        }}));

}  // namespace
}  // namespace passpersist_testing
