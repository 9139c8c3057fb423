// SPDX-License-Identifier: Apache-2.0

#include <memory>

#include "gtest/gtest.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/testing/codec_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

using passpersist::PassPersistCodec;

INSTANTIATE_TEST_SUITE_P(
    PassPersistCodec, CodecConformanceTest,
    testing::Values(CodecUnderTest{
        [] { return std::make_unique<PassPersistCodec>(); },
        {
            {"PING\nget\n.1.3.6.1.4.1.8072.9999.9999.1.0\n"},
            {"getnext\n.1.3.6.1.4.1.8072.9999.9999\nPING\n"},
            {"getnext\n.1.3.6.1.4.1.8072.9999.9999.99\nGet\r\n.1.3\r\n"},
            {"get\nno oid\nget\n.1.3.6.1.4.1.8072.9999.9999.99.0\n"},
            {"DUMP\n\nhello\n"},
            // The four ends of a set: Net-SNMP up to 5.7, 5.8 to 5.9.3, 5.9.5
            // with a long value, and master.
            {"set\n.1.3.6.1\ninteger 5\nPING\n"},
            {"set\n.1.3.6.1\nstring \"a \"b\"\"\n\nPING\n"},
            {"PING\nset\n.1.3.6.1\noctet \"00 0a", "PING\n"},
            {"set\n.1.3\ngauge -1", "set\n.1.3\nipaddress 10.1.2.3", "PING\n"},
            {"set\n.1.3\nobjectid \".1.3\"\nset\n.x\ninteger 1\nset\n.1\n?\n"},
            // As snmpd: a PING before each message, and the bytes that snmpd
            // sends after a value for which it has no text.
            {"PING\n", "set\n.1.3.6.1\ninteger 5\n\n", "PING\n", "get\n.1.3\n"},
            {"PING\n", "set\n.1.3\n\x10\xe3\nINTEGER\n\n", "PING\nget\n.1.3\n"},
            {"PING\n", "set\n.1\nfloat 1\nINTE", "RPING\n", "get\n.1.3.6\n"},
        },
        passpersist::Regions{{ConformanceRoot()}, {ConformanceRoot()}},
        // The bytes that arrive with a value in one read decide whether the
        // value is that of an earlier set.
        Cuts::kChangeSets}));

}  // namespace
}  // namespace passpersist_testing
