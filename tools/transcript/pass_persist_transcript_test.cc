// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/transcript/testing/transcript_player.h"
#include "tools/transcript/transcript.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::FormatEvents;
using passpersist::tool::ParseTranscript;
using passpersist::tool::Transcript;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Event = Transcript::Event;

std::vector<std::filesystem::path> TranscriptFiles() {
  // Tests run in the directory that paths of data files are relative to.
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& file :
       std::filesystem::directory_iterator("testdata/pass_persist", error)) {
    if (file.path().extension() == ".transcript") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

absl::StatusOr<Transcript> ReadTranscript(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError("can't be read");
  return ParseTranscript(std::string(std::istreambuf_iterator<char>(file), {}));
}

// A transcript expects a part of a report. Replaces each actual report that
// contains the expected part by that part.
void ShortenReports(const std::vector<Event>& expected,
                    std::vector<Event>* actual) {
  const size_t size = std::min(expected.size(), actual->size());
  for (size_t i = 0; i < size; ++i) {
    Event& event = (*actual)[i];
    if (event.kind == Event::kReports && expected[i].kind == event.kind &&
        absl::StrContains(event.text, expected[i].text)) {
      event.text = expected[i].text;
    }
  }
}

// Returns the number of the first different line, counted from 1.
int FirstDifference(absl::string_view expected, absl::string_view actual) {
  const auto [e, a] = std::mismatch(expected.begin(), expected.end(),
                                    actual.begin(), actual.end());
  return 1 + static_cast<int>(std::count(actual.begin(), a, '\n'));
}

// Returns `text` with long lines cut, for the message of a failed test.
std::string Shortened(absl::string_view text) {
  constexpr size_t kWidth = 100;
  std::vector<std::string> lines;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    lines.push_back(absl::StrCat(line.substr(0, kWidth)));
    if (line.size() > kWidth) {
      absl::StrAppend(&lines.back(), "… (", line.size(), " characters)");
    }
  }
  return absl::StrJoin(lines, "\n");
}

// Without this test, a missing directory would be an empty list of tests.
TEST(PassPersistTranscriptsTest, AreThere) {
  EXPECT_THAT(TranscriptFiles(), SizeIs(testing::Ge(40)));
}

class PassPersistTranscriptTest
    : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(PassPersistTranscriptTest, HappensAsItIsWritten) {
  const absl::StatusOr<Transcript> transcript = ReadTranscript(GetParam());
  ASSERT_TRUE(transcript.ok()) << GetParam() << ": " << transcript.status();
  EXPECT_THAT(transcript->events, Not(IsEmpty()));
  std::vector<Event> events = Play(*transcript);
  ShortenReports(transcript->events, &events);
  const std::string expected = FormatEvents(transcript->events);
  const std::string actual = FormatEvents(events);
  EXPECT_TRUE(actual == expected)
      << GetParam() << ": expected\n\n"
      << Shortened(expected) << "\nactual\n\n"
      << Shortened(actual)
      << "\nfirst different line: " << FirstDifference(expected, actual);
}

// Returns all bytes that snmpd reads.
std::string Replies(const Transcript& transcript) {
  std::string replies;
  for (const Event& event : Play(transcript)) {
    if (event.kind == Event::kReplies) replies.append(event.text);
  }
  return replies;
}

TEST_P(PassPersistTranscriptTest, IsTheSameForSnmpdWithEarlyPongs) {
  if (GetParam().stem() == "early_pong_ends") {
    GTEST_SKIP() << "the peer doesn't send a PING before each request";
  }
  absl::StatusOr<Transcript> transcript = ReadTranscript(GetParam());
  ASSERT_TRUE(transcript.ok()) << GetParam() << ": " << transcript.status();
  transcript->early_pong = false;
  const std::string replies = Replies(*transcript);
  transcript->early_pong = true;
  // The PONG of a PING that the transcript doesn't have may be the last line.
  EXPECT_THAT(Replies(*transcript),
              AnyOf(replies, absl::StrCat(replies, "PONG\n")));
}

TEST_P(PassPersistTranscriptTest, NamesTheProgramThatItStandsFor) {
  const absl::StatusOr<Transcript> transcript = ReadTranscript(GetParam());
  ASSERT_TRUE(transcript.ok()) << GetParam() << ": " << transcript.status();
  EXPECT_THAT(absl::StrJoin(transcript->comments, "\n"),
              AnyOf(HasSubstr("net-snmp "), HasSubstr("snmp_passpersist ")));
}

INSTANTIATE_TEST_SUITE_P(
    Files, PassPersistTranscriptTest, testing::ValuesIn(TranscriptFiles()),
    [](const testing::TestParamInfo<std::filesystem::path>& info) {
      return info.param.stem().string();
    });

}  // namespace
}  // namespace passpersist_testing
