// SPDX-License-Identifier: Apache-2.0

#include <memory>

#include "examples/line_codec.h"
#include "gtest/gtest.h"
#include "transport/testing/codec_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

INSTANTIATE_TEST_SUITE_P(
    LineCodec, CodecConformanceTest,
    testing::Values(CodecUnderTest{
        [] { return std::make_unique<LineCodec>(); },
        {
            {"get .1.3.6.1.4.1.8072.9999.9999.1.0\n"},
            {"next .1.3.6.1.4.1.8072.9999.9999\nget .1.3\n"},
            {"set .1.3.6.1.4.1.8072.9999.9999.1.0 i 5\ninstances\n"},
            {"set .1.3.6.1 s a b\n\nset .1.3.6.1 i x\n"},
        }}));

}  // namespace
}  // namespace passpersist_testing
