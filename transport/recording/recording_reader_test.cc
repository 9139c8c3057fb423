// SPDX-License-Identifier: Apache-2.0

#include "transport/recording/recording_reader.h"

#include <cstddef>
#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_framing.h"
#include "transport/debug/testing/debug_test_messages.h"
#include "transport/recording/recording_format.h"
#include "transport/recording/testing/recording_test_entry.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist {
namespace {

using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::RecordingEntryBytes;
using passpersist_testing::ScopedTempDir;
using passpersist_testing::StatusIs;
using testing::HasSubstr;
using transport_internal::AppendRecordingEntry;

constexpr char kPath[] = "agent.rec";

std::string Header() {
  return RecordingEntryBytes("header { format_version: 2 program: 'agent' }");
}

std::string Update(int rows) {
  return RecordingEntryBytes(
      absl::StrCat("event { update { instances: ", rows, " } }"));
}

class RecordingReaderTest : public testing::Test {
 protected:
  static void Write(const std::string& bytes,
                    std::ios::openmode mode = std::ios::trunc) {
    std::ofstream(kPath, std::ios::binary | mode) << bytes;
  }

  static RecordingReader OpenFile(const std::string& bytes) {
    Write(bytes);
    return RecordingReader::Open(kPath).value();
  }

  ScopedTempDir directory_;
  debug::Event event_;
};

TEST_F(RecordingReaderTest, ReadsTheHeaderAndThenTheEvents) {
  RecordingReader reader = OpenFile(Header() + Update(1) + Update(2));
  EXPECT_THAT(reader.header(), IsMessage("format_version: 2 program: 'agent'"));
  EXPECT_TRUE(reader.Next(&event_).value());
  EXPECT_THAT(event_, IsMessage("update { instances: 1 }"));
  EXPECT_TRUE(reader.Next(&event_).value());
  EXPECT_THAT(event_, IsMessage("update { instances: 2 }"));
  EXPECT_FALSE(reader.Next(&event_).value());
  EXPECT_EQ(reader.cut_bytes(), 0u);
}

TEST_F(RecordingReaderTest, ReadsManyAndLongEntries) {
  const std::string text(10'000, 'x');
  std::string bytes = Header();
  for (int i = 0; i < 100; ++i) {
    absl::StrAppend(&bytes, RecordingEntryBytes(
                                absl::StrCat("event { error { code: ", i,
                                             " message: '", text, "' } }")));
  }
  RecordingReader reader = OpenFile(bytes + "0123456789ab");
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(reader.Next(&event_).value());
    EXPECT_EQ(event_.error().code(), i);
    EXPECT_EQ(event_.error().message(), text);
  }
  EXPECT_THAT(reader.Next(&event_),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr(absl::StrCat("at byte ", bytes.size()))));
}

TEST_F(RecordingReaderTest, ATruncatedFileIsValidUpToItsLastWholeEntry) {
  const std::string begin = Header() + Update(1);
  const std::string bytes = begin + Update(2);
  for (size_t size = begin.size(); size < bytes.size(); ++size) {
    SCOPED_TRACE(size);
    RecordingReader reader = OpenFile(bytes.substr(0, size));
    EXPECT_TRUE(reader.Next(&event_).value());
    EXPECT_FALSE(reader.Next(&event_).value());
    EXPECT_EQ(reader.cut_bytes(), size - begin.size());
  }
}

TEST_F(RecordingReaderTest, ContinuesWhenTheFileHasGrown) {
  const std::string update = Update(1);
  RecordingReader reader = OpenFile(Header() + update.substr(0, 3));
  EXPECT_FALSE(reader.Next(&event_).value());
  EXPECT_EQ(reader.cut_bytes(), 3u);
  Write(update.substr(3), std::ios::app);
  EXPECT_TRUE(reader.Next(&event_).value());
  EXPECT_THAT(event_, IsMessage("update { instances: 1 }"));
  EXPECT_FALSE(reader.Next(&event_).value());
  EXPECT_EQ(reader.cut_bytes(), 0u);
}

TEST_F(RecordingReaderTest, CountsTheLossesReadSoFar) {
  RecordingReader reader = OpenFile(Header() + RecordingEntryBytes("lost: 3") +
                                    Update(1) + RecordingEntryBytes("lost: 4"));
  EXPECT_TRUE(reader.Next(&event_).value());
  EXPECT_EQ(reader.lost(), 3u);
  EXPECT_FALSE(reader.Next(&event_).value());
  EXPECT_EQ(reader.lost(), 7u);
}

// Field 15 with the number 5.
TEST_F(RecordingReaderTest, SkipsEntriesOfKindsThatItDoesNotKnow) {
  std::string unknown;
  AppendRecordingEntry("\x78\x05", &unknown);
  RecordingReader reader = OpenFile(Header() + unknown + Update(1));
  EXPECT_TRUE(reader.Next(&event_).value());
  EXPECT_THAT(event_, IsMessage("update { instances: 1 }"));
}

TEST_F(RecordingReaderTest, NamesAFileThatCannotBeOpened) {
  EXPECT_THAT(
      RecordingReader::Open("absent.rec"),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("opening absent.rec")));
  EXPECT_FALSE(RecordingReader::Open(directory_.path()).ok());
}

TEST_F(RecordingReaderTest, RefusesAFormatThatItDoesNotKnow) {
  Write(RecordingEntryBytes("header { format_version: 3 }") + Update(1));
  EXPECT_THAT(
      RecordingReader::Open(kPath),
      StatusIs(absl::StatusCode::kUnimplemented,
               "agent.rec: a recording of format 3, but this program reads "
               "format 2: use a newer program"));
}

TEST_F(RecordingReaderTest, NamesTheFormatWithoutChecksums) {
  std::string bytes;
  AppendFrame(FromText<debug::RecordingEntry>(
                  "header { format_version: 1 program: 'agent' pid: 4711 }"),
              &bytes);
  Write(bytes);
  EXPECT_THAT(
      RecordingReader::Open(kPath),
      StatusIs(absl::StatusCode::kUnimplemented,
               "agent.rec: a recording of format 1, but this program reads "
               "format 2: use an older program"));
}

TEST_F(RecordingReaderTest, RefusesAFileThatIsNotARecording) {
  Write(Update(1));
  EXPECT_THAT(RecordingReader::Open(kPath),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "agent.rec: not a recording: it has no header"));
  Write("#!/bin/sh\necho this is a script, and not a short one\n");
  EXPECT_THAT(RecordingReader::Open(kPath),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "agent.rec: not a recording, or its header is damaged"));
}

TEST_F(RecordingReaderTest, RefusesAFileThatEndsWithinTheHeader) {
  const std::string header = Header();
  for (size_t size = 0; size < header.size(); ++size) {
    Write(header.substr(0, size));
    EXPECT_THAT(RecordingReader::Open(kPath),
                StatusIs(absl::StatusCode::kDataLoss,
                         "agent.rec: ends within the header of a recording"));
  }
}

// The length, a checksum or the message is damaged.
TEST_F(RecordingReaderTest, NamesTheEntryWithOverwrittenBytes) {
  const std::string begin = Header() + Update(1);
  const std::string entry = Update(2);
  for (size_t i = 0; i + 10 <= entry.size(); ++i) {
    SCOPED_TRACE(i);
    std::string damaged = entry;
    damaged.replace(i, 10, "xxxxxxxxxx");
    RecordingReader reader = OpenFile(begin + damaged + Update(3));
    EXPECT_TRUE(reader.Next(&event_).value());
    const auto broken =
        StatusIs(absl::StatusCode::kDataLoss,
                 HasSubstr(absl::StrCat("agent.rec: damaged at byte ",
                                        begin.size(), ": wrong checksum of ")));
    EXPECT_THAT(reader.Next(&event_), broken);
    EXPECT_THAT(reader.Next(&event_), broken);
  }
}

TEST_F(RecordingReaderTest, FindsEachInvertedBit) {
  const std::string begin = Header();
  const std::string entry = Update(1);
  for (size_t i = 0; i < 8 * entry.size(); ++i) {
    SCOPED_TRACE(i);
    std::string damaged = entry;
    damaged[i / 8] = static_cast<char>(damaged[i / 8] ^ (1 << (i % 8)));
    EXPECT_THAT(
        OpenFile(begin + damaged).Next(&event_),
        StatusIs(absl::StatusCode::kDataLoss, HasSubstr("wrong checksum of ")));
  }
}

TEST_F(RecordingReaderTest, RefusesALengthAboveTheLimit) {
  std::string entry;
  AppendRecordingEntry(
      std::string(transport_internal::kMaxRecordingEntry + 1, 'x'), &entry);
  RecordingReader reader = OpenFile(Header() + entry.substr(0, 12));
  EXPECT_THAT(reader.Next(&event_),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("a message of 16777217 bytes")));
}

}  // namespace
}  // namespace passpersist
