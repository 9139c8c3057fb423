// SPDX-License-Identifier: Apache-2.0

#include "transport/recording/redaction.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist {
namespace {

using passpersist_testing::FromText;
using passpersist_testing::IsMessage;

debug::Event Redacted(const std::string& text) {
  auto event = FromText<debug::Event>(text);
  RedactValues(&event);
  return event;
}

TEST(DebugRedactionTest, RemovesTheBytesAndTheValuesRead) {
  EXPECT_THAT(Redacted(R"(
    time { seconds: 5 }
    request_event {
      received: 'get\n.1.3.1\n' sent: '.1.3.1\nSTRING\nsecret\n'
      request { get { oids: '.1.3.1' } }
      response { bindings { oid: '.1.3.1' octet_string: 'secret' } }
      duration { nanos: 7 }
    }
  )"),
              IsMessage(R"(
    time { seconds: 5 }
    request_event {
      request { get { oids: '.1.3.1' } }
      response { bindings { oid: '.1.3.1' octet_string: '' } }
      duration { nanos: 7 }
    }
  )"));
}

TEST(DebugRedactionTest, KeepsEveryType) {
  EXPECT_THAT(Redacted(R"(request_event { response {
    bindings { oid: '.1' integer: -1 }
    bindings { oid: '.2' counter32: 1 }
    bindings { oid: '.3' counter64: 1 }
    bindings { oid: '.4' gauge32: 1 }
    bindings { oid: '.5' time_ticks: 1 }
    bindings { oid: '.6' ip_address: '1.2.3.4' }
    bindings { oid: '.7' object_identifier: '.1.3' }
    bindings { oid: '.8' octet_string: 'a' }
    bindings { oid: '.9' opaque: 'a' }
    bindings { oid: '.10' exception: NO_SUCH_INSTANCE }
  } })"),
              IsMessage(R"(request_event { response {
    bindings { oid: '.1' integer: 0 }
    bindings { oid: '.2' counter32: 0 }
    bindings { oid: '.3' counter64: 0 }
    bindings { oid: '.4' gauge32: 0 }
    bindings { oid: '.5' time_ticks: 0 }
    bindings { oid: '.6' ip_address: '' }
    bindings { oid: '.7' object_identifier: '' }
    bindings { oid: '.8' octet_string: '' }
    bindings { oid: '.9' opaque: '' }
    bindings { oid: '.10' exception: NO_SUCH_INSTANCE }
  } })"));
}

TEST(DebugRedactionTest, RemovesTheValuesToBeSet) {
  EXPECT_THAT(Redacted("request_event { request { set { bindings { oid: '.1' "
                       "integer: 5 } } } response { error: WRONG_VALUE } }"),
              IsMessage("request_event { request { set { bindings { oid: '.1' "
                        "integer: 0 } } } response { error: WRONG_VALUE } }"));
  EXPECT_THAT(
      Redacted("request_event { request { test_set { bindings { oid: '.1' "
               "opaque: 'a' } } } response { } }"),
      IsMessage("request_event { request { test_set { bindings { oid: '.1' "
                "opaque: '' } } } response { } }"));
}

TEST(DebugRedactionTest, RemovesTheValuesOfADumpAndKeepsItsLabels) {
  EXPECT_THAT(Redacted("request_event { response { entries { label: 'a label' "
                       "binding { oid: '.1' integer: 5 } } } }"),
              IsMessage("request_event { response { entries { label: 'a label' "
                        "binding { oid: '.1' integer: 0 } } } }"));
}

TEST(DebugRedactionTest, DoesNotChangeOtherEvents) {
  EXPECT_THAT(Redacted("update { root: '.1.3' instances: 5 }"),
              IsMessage("update { root: '.1.3' instances: 5 }"));
  EXPECT_THAT(Redacted("error { code: 5 message: 'no file' }"),
              IsMessage("error { code: 5 message: 'no file' }"));
}

}  // namespace
}  // namespace passpersist
