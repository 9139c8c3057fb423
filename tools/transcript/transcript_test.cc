// SPDX-License-Identifier: Apache-2.0

#include "tools/transcript/transcript.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "tools/transcript/transcript_text.h"

namespace passpersist::tool {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;
using testing::SizeIs;
using Event = Transcript::Event;
using Instance = Transcript::Instance;

Transcript Parsed(absl::string_view text) {
  absl::StatusOr<Transcript> transcript = ParseTranscript(text);
  if (transcript.ok()) return *std::move(transcript);
  ADD_FAILURE() << transcript.status();
  return {};
}

TEST(TranscriptTest, JoinsTheLinesOfOneMessage) {
  const Transcript transcript = Parsed(
      "> get\n"
      "# a comment parts nothing\n"
      "> .1.3\n"
      "< NONE\n"
      "> PING\n"
      "\n"
      "> PING\n");
  ASSERT_THAT(transcript.events, SizeIs(4));
  EXPECT_EQ(transcript.events[0].kind, Event::kSays);
  EXPECT_EQ(transcript.events[0].text, "get\n.1.3\n");
  EXPECT_EQ(transcript.events[1].kind, Event::kReplies);
  EXPECT_EQ(transcript.events[1].text, "NONE\n");
  EXPECT_EQ(transcript.events[2].text, "PING\n");
  EXPECT_EQ(transcript.events[3].text, "PING\n");
  EXPECT_THAT(transcript.comments, ElementsAre("a comment parts nothing"));
}

TEST(TranscriptTest, HasANotationForEveryByteAndForSilence) {
  const Transcript transcript = Parsed(
      "> PING\\r\n"
      ">\n"
      "> a\\\\b\\t\\x00\\xff\\x20\n"
      "> end\\c\n"
      "...\n"
      "< \\{ab*3} \\{\\x01*2}\n");
  ASSERT_THAT(transcript.events, SizeIs(3));
  EXPECT_EQ(transcript.events[0].text,
            std::string("PING\r\n\na\\b\t\0\xff \nend", 18));
  EXPECT_EQ(transcript.events[1].kind, Event::kSilence);
  EXPECT_EQ(transcript.events[2].text, "ababab \x01\x01\n");
}

TEST(TranscriptTest, ReadsTheContentsOfTheAgent) {
  const Transcript transcript = Parsed(
      "= no early PONG\n"
      "= subtree .1.3\n"
      "= 1.0 INTEGER -5\n"
      "= 2.0 \"a label\" STRING it's \"text\"\n"
      "= setter .1.3.8\n"
      "= setter .1.3.9 wrongValue\n"
      "= subtree .1.4\n"
      "= 1 fails\n"
      "> PING\n");
  EXPECT_FALSE(transcript.early_pong);
  EXPECT_TRUE(Parsed("> PING\n").early_pong);
  EXPECT_THAT(transcript.subtrees, ElementsAre(Oid{1, 3}, Oid{1, 4}));
  EXPECT_THAT(transcript.setters,
              ElementsAre(Pair(Oid{1, 3, 8}, ErrorStatus::kNoError),
                          Pair(Oid{1, 3, 9}, ErrorStatus::kWrongValue)));
  ASSERT_THAT(transcript.instances, SizeIs(3));
  const Instance& integer = transcript.instances[0];
  EXPECT_EQ(integer.subtree, (Oid{1, 3}));
  EXPECT_EQ(integer.suffix, (Oid{1, 0}));
  EXPECT_EQ(integer.value, Value(Integer32{-5}));
  const Instance& string = transcript.instances[1];
  EXPECT_EQ(string.label, "a label");
  EXPECT_EQ(string.value, Value(OctetString{"it's \"text\""}));
  EXPECT_EQ(transcript.instances[2].subtree, (Oid{1, 4}));
  EXPECT_EQ(transcript.instances[2].state, Instance::kFails);
}

TEST(TranscriptTest, ReadsTheChangesOfAnUpdate) {
  const Transcript transcript = Parsed(
      "= subtree .1.3\n"
      "> PING\n"
      "< PONG\n"
      "= 1.0 gone\n"
      "= 2.0 INTEGER 2\n"
      "> PING\n");
  ASSERT_THAT(transcript.events, SizeIs(4));
  const Event& update = transcript.events[2];
  EXPECT_EQ(update.kind, Event::kUpdate);
  ASSERT_THAT(update.instances, SizeIs(2));
  EXPECT_EQ(update.instances[0].state, Instance::kGone);
  EXPECT_EQ(update.instances[1].value, Value(Integer32{2}));
}

TEST(TranscriptTest, FormatIsTheInverseOfParse) {
  const std::string text =
      "> get\n"
      "> .1.3\\r\n"
      "< .1.3\n"
      "< STRING\n"
      "< a\\x00\\\\\\x20\n"
      "! can't be sent\n"
      "! nor can \\x00 this\n"
      "= 1 INTEGER 5\n"
      "= 2 gone\n"
      "> set\n"
      ">\n"
      "> integer\\c\n"
      "...\n"
      "<\n";
  EXPECT_EQ(FormatEvents(Parsed(absl::StrCat("= subtree .1\n", text)).events),
            text);
}

TEST(TranscriptTest, ReadsValuesOfAllTypes) {
  const char* const values[][2] = {
      {"INTEGER -2147483648", "Integer32 -2147483648"},
      {"Counter32 4294967295", "Counter32 4294967295"},
      {"Counter64 18446744073709551615", "Counter64 18446744073709551615"},
      {"GAUGE 7", "Gauge32 7"},
      {"TIMETICKS 7", "TimeTicks 7"},
      {"IPADDRESS 10.1.2.3", "IpAddress 10.1.2.3"},
      {"OBJECTID .1.3.6", "ObjectIdentifier .1.3.6"},
      {"STRING", "OctetString \"\""},
      {"STRING a\\x00", "OctetString \"a\\x00\""},
      {"OCTET 00 ff", "OctetString \"\\x00\\xff\""},
      {"OPAQUE 9f 78 04 3f c0 00 00", "Opaque 1.5"},
  };
  for (const auto& [text, expected] : values) {
    const absl::StatusOr<Value> value = ParseTranscriptValue(text);
    ASSERT_TRUE(value.ok()) << value.status();
    EXPECT_EQ(ToString(*value), expected);
  }
}

TEST(TranscriptTest, NamesTheLineOfAnError) {
  for (const char* const line :
       {"PING", ">PING", "..", "> a\\q", "> \\{a*}", "> \\{a*3", "> \\x1",
        "> tab\there", "= 1 FLOAT 5", "= 1 INTEGER x", "= x INTEGER 5",
        "= setter .1.3 noSuchError", "= subtree x", "= 1 IPADDRESS 1.2.3"}) {
    const absl::Status status =
        ParseTranscript(absl::StrCat("= subtree .1\n", line, "\n")).status();
    EXPECT_THAT(status.ToString(), HasSubstr("line 2: ")) << line;
    EXPECT_THAT(status.ToString(), HasSubstr(line));
  }
  EXPECT_FALSE(ParseTranscript("= 1 INTEGER 5\n").ok());
  EXPECT_FALSE(ParseTranscript("> PING").ok());
  EXPECT_FALSE(ParseTranscript("> PING\n= setter .1\n").ok());
}

}  // namespace
}  // namespace passpersist::tool
