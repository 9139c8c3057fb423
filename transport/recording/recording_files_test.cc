// SPDX-License-Identifier: Apache-2.0

#include "transport/recording/recording_files.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/debug/debug.pb.h"
#include "transport/recording/recording_reader.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist::transport_internal {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::ScopedTempDir;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kPath[] = "agent.rec";

// Returns an entry with `text`.
std::string Message(const std::string& text) {
  debug::RecordingEntry entry;
  entry.mutable_event()->mutable_error()->set_message(text);
  return entry.SerializeAsString();
}

// Returns the texts of the entries of a file.
std::vector<std::string> Read(const std::string& path) {
  absl::StatusOr<RecordingReader> reader = RecordingReader::Open(path);
  EXPECT_THAT(reader, IsOk());
  std::vector<std::string> texts;
  debug::Event event;
  while (reader.ok() && reader->Next(&event).value()) {
    texts.push_back(event.error().message());
  }
  return texts;
}

class RecordingFilesTest : public testing::Test {
 protected:
  static constexpr size_t kMaxBytes = 10'000;
  static constexpr int kMaxFiles = 3;

  static debug::RecordingHeader Header() {
    debug::RecordingHeader header;
    header.set_program("agent");
    return header;
  }

  // Simulates the start of another process.
  void Restart(int max_files = kMaxFiles) {
    files_.reset();
    files_.emplace(kPath, Header(), kMaxBytes, max_files,
                   [this] { return absl::Now() + passed_; });
  }

  // Restarts, and records one entry.
  void Restart(const std::string& text, int max_files = kMaxFiles) {
    Restart(max_files);
    EXPECT_THAT(files_->Append(Message(text)), IsOk());
    PassBusily(absl::ZeroDuration());
  }

  // Lets time pass, without entries or until an entry that is written then.
  void PassQuietly(absl::Duration time) { passed_ += time; }
  void PassBusily(absl::Duration time) {
    passed_ += time;
    std::filesystem::last_write_time(
        kPath, std::filesystem::file_time_type::clock::now() +
                   absl::ToChronoSeconds(passed_));
  }

  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(".")) {
      names.push_back(file.path().filename());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  ScopedTempDir directory_;
  absl::Duration passed_;
  std::optional<RecordingFiles> files_{std::in_place, kPath, Header(),
                                       kMaxBytes, kMaxFiles};
};

TEST_F(RecordingFilesTest, BeginWithTheFirstEntry) {
  EXPECT_THAT(Names(), IsEmpty());
  EXPECT_THAT(files_->Append(Message("one")), IsOk());
  EXPECT_THAT(Names(), ElementsAre("agent.rec", "agent.rec.lock"));
  EXPECT_THAT(files_->Append(Message("two")), IsOk());
  EXPECT_THAT(Read(kPath), ElementsAre("one", "two"));
}

TEST_F(RecordingFilesTest, AreReadableByTheirUserOnly) {
  EXPECT_THAT(files_->Append(Message("one")), IsOk());
  struct stat file = {};
  ASSERT_EQ(stat(kPath, &file), 0);
  EXPECT_EQ(file.st_mode & 07777, 0600u);
}

TEST_F(RecordingFilesTest, AreFilledAndThenRenamed) {
  const std::string half(kMaxBytes / 2 - 100, 'x');
  for (const char* const name : {"a", "b", "c", "d", "e"}) {
    EXPECT_THAT(files_->Append(Message(name + half)), IsOk());
  }
  EXPECT_THAT(Read("agent.rec"), ElementsAre("e" + half));
  EXPECT_THAT(Read("agent.rec.1"), ElementsAre("c" + half, "d" + half));
  EXPECT_THAT(Read("agent.rec.2"), ElementsAre("a" + half, "b" + half));
}

TEST_F(RecordingFilesTest, AreBoundedInNumberAndSize) {
  for (int i = 0; i < 500; ++i) {
    EXPECT_THAT(files_->Append(Message(std::string(i, 'x'))), IsOk());
  }
  EXPECT_THAT(Names(), ElementsAre("agent.rec", "agent.rec.1", "agent.rec.2",
                                   "agent.rec.lock"));
  for (const char* const name : {"agent.rec", "agent.rec.1", "agent.rec.2"}) {
    EXPECT_LE(std::filesystem::file_size(name), kMaxBytes);
  }
  EXPECT_EQ(Read(kPath).back(), std::string(499, 'x'));
}

TEST_F(RecordingFilesTest, OfAnEarlierProgramAreRenamed) {
  EXPECT_THAT(files_->Append(Message("one")), IsOk());
  Restart();
  EXPECT_THAT(Read(kPath), ElementsAre("one"));
  EXPECT_THAT(files_->Append(Message("two")), IsOk());
  EXPECT_THAT(Read("agent.rec"), ElementsAre("two"));
  EXPECT_THAT(Read("agent.rec.1"), ElementsAre("one"));
}

TEST_F(RecordingFilesTest, KeepTheFirstFileOfASeriesOfRestarts) {
  for (const char* const text : {"first", "1", "2", "3", "4"}) Restart(text);
  EXPECT_THAT(Read("agent.rec"), ElementsAre("4"));
  EXPECT_THAT(Read("agent.rec.1"), ElementsAre("3"));
  EXPECT_THAT(Read("agent.rec.2"), ElementsAre("first"));
  EXPECT_THAT(Names(), SizeIs(kMaxFiles + 1));
}

TEST_F(RecordingFilesTest, KeepTheFirstFileAlsoIfThereAreTwo) {
  for (const char* const text : {"first", "1", "2", "3"}) Restart(text, 2);
  EXPECT_THAT(Read("agent.rec"), ElementsAre("3"));
  EXPECT_THAT(Read("agent.rec.1"), ElementsAre("first"));
  EXPECT_THAT(Names(), SizeIs(3));
}

TEST_F(RecordingFilesTest, BeginANewSeriesAfterAQuietMinute) {
  for (const char* const text : {"old", "1", "2", "3"}) Restart(text);
  PassQuietly(absl::Seconds(61));
  Restart("first");
  EXPECT_THAT(Read("agent.rec.2"), ElementsAre("2"));
  for (const char* const text : {"1", "2", "3"}) Restart(text);
  EXPECT_THAT(Read("agent.rec.2"), ElementsAre("first"));
}

TEST_F(RecordingFilesTest, KeepTheEndOfALongRunBeforeASeries) {
  for (const char* const text : {"old", "1", "2", "long"}) Restart(text);
  PassBusily(absl::Hours(1));
  for (const char* const text : {"1", "2", "3", "4"}) Restart(text);
  EXPECT_THAT(Read("agent.rec.1"), ElementsAre("3"));
  EXPECT_THAT(Read("agent.rec.2"), ElementsAre("long"));
}

TEST_F(RecordingFilesTest, EndASeriesByALongRun) {
  const std::string half(kMaxBytes / 2 - 100, 'x');
  for (const char* const text : {"first", "1", "2", "3"}) Restart(text);
  for (int i = 0; i < 10; ++i) {
    EXPECT_THAT(files_->Append(Message(half)), IsOk());
  }
  EXPECT_THAT(Read("agent.rec.2"), ElementsAre("first"));
  PassBusily(absl::Seconds(61));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(files_->Append(Message(half)), IsOk());
  }
  EXPECT_THAT(Read("agent.rec.2"), ElementsAre(half, half));
}

TEST_F(RecordingFilesTest, AreRefusedWhileAnotherProgramHasThem) {
  EXPECT_THAT(files_->Append(Message("one")), IsOk());
  RecordingFiles other(kPath, Header(), kMaxBytes, kMaxFiles);
  EXPECT_THAT(other.Append(Message("other")),
              StatusIs(absl::StatusCode::kAlreadyExists,
                       HasSubstr("agent.rec.lock is held by a running")));
  files_.reset();
  EXPECT_THAT(other.Append(Message("other")), IsOk());
  EXPECT_THAT(Read(kPath), ElementsAre("other"));
}

TEST_F(RecordingFilesTest, RefuseAnEntryThatFitsNoFile) {
  EXPECT_THAT(files_->Append(Message("one")), IsOk());
  EXPECT_THAT(files_->Append(Message(std::string(kMaxBytes - 10, 'x'))),
              StatusIs(absl::StatusCode::kResourceExhausted,
                       HasSubstr("agent.rec: an entry of ")));
  EXPECT_THAT(files_->Append(Message("two")), IsOk());
  EXPECT_THAT(Read(kPath), ElementsAre("one", "two"));
}

TEST_F(RecordingFilesTest, AreTriedAgainAfterAnError) {
  files_.emplace("absent/agent.rec", Header(), kMaxBytes, kMaxFiles);
  EXPECT_THAT(files_->Append(Message("one")),
              StatusIs(absl::StatusCode::kNotFound,
                       HasSubstr("absent/agent.rec.lock")));
  std::filesystem::create_directory("absent");
  EXPECT_THAT(files_->Append(Message("two")), IsOk());
  EXPECT_THAT(Read("absent/agent.rec"), ElementsAre("two"));
}

TEST_F(RecordingFilesTest, LeaveAPathThatIsNotAFile) {
  std::filesystem::create_directory(kPath);
  EXPECT_THAT(files_->Append(Message("one")),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       HasSubstr("agent.rec is not a file")));
  EXPECT_TRUE(std::filesystem::is_directory(kPath));
}

// Makes writes beyond a file size fail, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t size) : handler_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &former_);
    const struct rlimit limit = {size, former_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &former_);
    signal(SIGXFSZ, handler_);
  }

 private:
  struct rlimit former_ = {};
  void (*const handler_)(int);
};

TEST_F(RecordingFilesTest, EndWithAWholeEntryWhereTheDiskIsFull) {
  constexpr size_t kDisk = 100'000;
  const std::string third(kDisk / 3, 'x');
  files_.emplace(kPath, Header(), 10 * kDisk, kMaxFiles);
  {
    const FullDisk disk(kDisk);
    EXPECT_THAT(files_->Append(Message("1" + third)), IsOk());
    EXPECT_THAT(files_->Append(Message("2" + third)), IsOk());
    EXPECT_FALSE(files_->Append(Message("3" + third)).ok());
    EXPECT_THAT(Read(kPath), ElementsAre("1" + third, "2" + third));
    EXPECT_THAT(files_->Append(Message("4")), IsOk());
  }
  EXPECT_THAT(files_->Append(Message("5" + third)), IsOk());
  EXPECT_THAT(Read(kPath),
              ElementsAre("1" + third, "2" + third, "4", "5" + third));
  EXPECT_THAT(Names(), SizeIs(2));
}

TEST_F(RecordingFilesTest, AreNotRotatedForAHeaderThatTheDiskCannotHold) {
  EXPECT_THAT(files_->Append(Message("one")), IsOk());
  Restart();
  {
    const FullDisk disk(5);
    for (int i = 0; i < 10; ++i) {
      EXPECT_FALSE(files_->Append(Message("lost")).ok());
    }
  }
  EXPECT_THAT(Read("agent.rec.1"), ElementsAre("one"));
  EXPECT_THAT(files_->Append(Message("two")), IsOk());
  EXPECT_THAT(Read("agent.rec"), ElementsAre("two"));
  EXPECT_THAT(Read("agent.rec.1"), ElementsAre("one"));
}

}  // namespace
}  // namespace passpersist::transport_internal
