// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/replay/recording_transcript.h"

#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"
#include "tools/transcript/testing/transcript_player.h"
#include "tools/transcript/transcript.h"
#include "transport/recording/recorder.h"
#include "transport/recording/recording_reader.h"
#include "transport/recording/testing/recording_test_entry.h"
#include "transport/testing/fake_snmpd.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::FakeSnmpd;
using passpersist_testing::FakeStore;
using passpersist_testing::IsOk;
using passpersist_testing::Play;
using passpersist_testing::RecordingEntryBytes;
using passpersist_testing::ScopedTempDir;
using passpersist_testing::StatusIs;
using testing::HasSubstr;

constexpr char kPath[] = "agent.rec";

std::string TranscriptOf(const std::string& path) {
  RecordingReader reader = RecordingReader::Open(path).value();
  return RecordingTranscript(&reader, absl::UTCTimeZone()).value();
}

class RecordingTranscriptTest : public testing::Test {
 protected:
  // Returns the transcript of a recording with these entries after its header.
  std::string Converted(const std::string& entries) {
    std::ofstream(kPath, std::ios::binary)
        << RecordingEntryBytes(
               "header { format_version: 2 program: 'agent' pid: 4711 "
               "started { seconds: 5 } roots: '.1.3.6' }")
        << entries;
    return TranscriptOf(kPath);
  }

  ScopedTempDir directory_;
};

TEST_F(RecordingTranscriptTest, HasTheBytesTheInstancesAndTheSetters) {
  EXPECT_EQ(Converted(RecordingEntryBytes(
                          "event { request_event { received: 'PING\\n' sent: "
                          "'PONG\\n' } }") +
                      RecordingEntryBytes(R"(event { request_event {
            received: 'get\n.1.3.6.1.0\n' sent: '.1.3.6.1.0\nSTRING\na \n'
            request { get { oids: '.1.3.6.1.0' } }
            response { bindings { oid: '.1.3.6.1.0' octet_string: 'a ' } } } }
          )") + RecordingEntryBytes(R"(event { request_event {
            received: 'set\n.1.3.6.1.0\nstring "b"\n' sent: 'wrong-value\n'
            request { set {
              bindings { oid: '.1.3.6.1.0' octet_string: 'b' } } }
            response { error: WRONG_VALUE error_index: 1 } } }
          )")),
            R"(# Recorded of agent (4711) from 1970-01-01 00:00:05 on.
= subtree .1.3.6
= 1.0 STRING a\x20
= setter .1.3.6.1.0 wrongValue

> PING
< PONG
> get
> .1.3.6.1.0
< .1.3.6.1.0
< STRING
< a\x20
> set
> .1.3.6.1.0
> string "b"
< wrong-value
)");
}

TEST_F(RecordingTranscriptTest, ShowsSilenceAfterAnUnfinishedLine) {
  EXPECT_THAT(
      Converted(RecordingEntryBytes(
          "event { request_event { received: 'set\\n.1\\ninteger 5' sent: "
          "'not-writable\\n' } }")),
      HasSubstr("> set\n> .1\n> integer 5\\c\n...\n< not-writable\n"));
}

// A setter that refuses everything would let absent names be created.
TEST_F(RecordingTranscriptTest, HasNoSetterWhereNothingIsWritable) {
  EXPECT_THAT(Converted(RecordingEntryBytes(
                  "event { request_event { sent: 'not-writable\\n' request { "
                  "set { bindings { oid: '.1.3.6.1.0' integer: 5 } } } "
                  "response { error: NOT_WRITABLE } } }")),
              testing::Not(HasSubstr("setter")));
}

TEST_F(RecordingTranscriptTest, HasOtherEventsAsComments) {
  const std::string transcript = Converted(
      RecordingEntryBytes("event { update { root: '.1.4' instances: 1 } }") +
      RecordingEntryBytes("lost: 7") +
      RecordingEntryBytes(
          "event { update { root: '.1.4' status { code: 5 message: 'no\\nfile'"
          " } } }") +
      RecordingEntryBytes("event { error { code: 5 message: 'too long' } }"));
  EXPECT_THAT(transcript, HasSubstr(R"(
= subtree .1.3.6
= subtree .1.4

# update of .1.4: 1 instance
# 7 events are missing here
# update of .1.4: failed: no\nfile
# error: too long
)"));
}

TEST_F(RecordingTranscriptTest, FailsIfValuesWereLeftOut) {
  std::ofstream(kPath, std::ios::binary) << RecordingEntryBytes(
      "header { format_version: 2 values_redacted: true }");
  RecordingReader reader = RecordingReader::Open(kPath).value();
  EXPECT_THAT(RecordingTranscript(&reader, absl::UTCTimeZone()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("agent.rec: values were redacted")));
}

TEST_F(RecordingTranscriptTest, FailsIfTheAgentHasSecrets) {
  std::ofstream(kPath, std::ios::binary)
      << RecordingEntryBytes("header { format_version: 2 }")
      << RecordingEntryBytes(
             "event { request_event { request { get { oids: '.1.3.6.1' } } } "
             "}");
  RecordingReader reader = RecordingReader::Open(kPath).value();
  EXPECT_THAT(RecordingTranscript(&reader, absl::UTCTimeZone()),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("agent.rec: it has requests, but not the "
                                 "bytes of the conversation")));
}

// An agent with the contents of the transcript gives the same answers as the
// recorded agent.
TEST_F(RecordingTranscriptTest, OfARecordedSessionPlays) {
  const Oid root = {1, 3, 6, 1, 3, 53, 8};
  AgentBuilder builder;
  builder.SetStoreFactory([] { return std::make_unique<FakeStore>(); })
      .AddSubtree(root, absl::Hours(1),
                  [](Contents& contents) {
                    contents.Put({1, 0}, Integer32{-5});
                    contents.Put({2, 0}, OctetString{"a \\ text"});
                    contents.Put({3, 0}, OctetString{"two\nlines"});
                    contents.Put({4, 0}, OctetString{});
                    contents.Put({5, 0}, Counter64{18446744073709551615u});
                    contents.Put({6, 0}, IpAddress{{10, 1, 2, 3}});
                    contents.Put({7, 0}, ObjectIdentifier{{1, 3, 6}});
                    contents.Put({8, 0}, Opaque::FromFloat(1.5f));
                    contents.Put({9, 0}, TimeTicks{7});
                    contents.Put({10, 0}, Gauge32{8});
                    contents.Put({11, 0}, Counter32{9});
                    return absl::OkStatus();
                  })
      .AddSetter(Concat(root, {1}), MakeSetter([](const Oid&, const Value&) {
                   return ErrorStatus::kNoError;
                 }))
      .AddSetter(Concat(root, {2}), MakeSetter([](const Oid&, const Value&) {
                   return ErrorStatus::kInconsistentValue;
                 }))
      .AddObserver(Recorder::Open(kPath));
  {
    FakeSnmpd snmpd(std::move(builder));
    EXPECT_EQ(snmpd.Walk(".1.3.6.1.3.53.8").size(), 11u);
    EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.12.0"), "NONE");
    EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.1.0", "integer 7"), "DONE");
    EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.1.0"), "INTEGER 7");
    EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.2.0", "string \"x\""),
              "inconsistent-value");
    EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.3.0", "string \"x\""), "not-writable");
    EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.1.0", "string \"x\""), "wrong-type");
  }
  const std::string text = TranscriptOf(kPath);
  const absl::StatusOr<Transcript> transcript = ParseTranscript(text);
  ASSERT_THAT(transcript, IsOk()) << text;
  EXPECT_EQ(transcript->instances.size(), 11u);
  EXPECT_EQ(FormatEvents(Play(*transcript)), FormatEvents(transcript->events))
      << text;
}

}  // namespace
}  // namespace passpersist::tool
