// SPDX-License-Identifier: Apache-2.0

#include "transport/recording/recorder.h"

#include <signal.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/testing/thread_shortage.h"
#include "passpersist/value.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"
#include "transport/recording/recording_reader.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist {
namespace {

using passpersist_testing::ErrorLog;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::ScopedTempDir;
using passpersist_testing::ThreadShortage;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kPath[] = "agent.rec";

Event Error(const std::string& message) {
  return {absl::FromUnixSeconds(5), absl::InternalError(message)};
}

// Returns the event of a get of .1.3.1 with the answer `text`.
Event GetOf(const std::string& text) {
  RequestEvent event;
  event.received = "get\n.1.3.1\n";
  event.sent = absl::StrCat(".1.3.1\nSTRING\n", text, "\n");
  event.request.emplace().operation = Get{{Oid{1, 3, 1}}};
  event.response.bindings = {{Oid{1, 3, 1}, OctetString{text}}};
  event.duration = absl::Microseconds(7);
  return {absl::FromUnixSeconds(5), std::move(event)};
}

struct Recording {
  debug::RecordingHeader header;
  std::vector<debug::Event> events;
  uint64_t lost = 0;
};

Recording Read(const std::string& path = kPath) {
  Recording recording;
  absl::StatusOr<RecordingReader> reader = RecordingReader::Open(path);
  EXPECT_THAT(reader, IsOk());
  if (!reader.ok()) return recording;
  recording.header = reader->header();
  debug::Event event;
  while (reader->Next(&event).value()) recording.events.push_back(event);
  recording.lost = reader->lost();
  return recording;
}

// Waits until the file has `count` events.
void AwaitEvents(const std::string& path, size_t count) {
  std::error_code error;
  // The file exists before it has a header.
  while (std::filesystem::file_size(path, error) == 0 || error ||
         Read(path).events.size() < count) {
    std::this_thread::yield();
  }
}

class RecorderTest : public testing::Test {
 protected:
  Recorder::Options Options() {
    Recorder::Options options;
    options.on_error = log_.Hook();
    return options;
  }

  ScopedTempDir directory_;
  ErrorLog log_;
};

TEST_F(RecorderTest, WritesWhatItObserves) {
  auto recorder = Recorder::Open(kPath, Options());
  recorder->OnEvent(GetOf("secret"));
  recorder->OnEvent(Error("no file"));
  recorder.reset();
  const Recording recording = Read();
  ASSERT_THAT(recording.events, SizeIs(2));
  EXPECT_THAT(recording.events[0], IsMessage(R"(
    time { seconds: 5 }
    request_event {
      received: 'get\n.1.3.1\n' sent: '.1.3.1\nSTRING\nsecret\n'
      request { get { oids: '.1.3.1' } }
      response { bindings { oid: '.1.3.1' octet_string: 'secret' } }
      duration { nanos: 7000 }
    }
  )"));
  EXPECT_THAT(
      recording.events[1],
      IsMessage("time { seconds: 5 } error { code: 13 message: 'no file' }"));
  EXPECT_EQ(recording.lost, 0u);
  EXPECT_THAT(log_.Take(), IsEmpty());
}

TEST_F(RecorderTest, WritesLaterWhatItObservesWithoutAThread) {
  std::unique_ptr<Recorder> recorder;
  {
    const ThreadShortage shortage;
    recorder = Recorder::Open(kPath, Options());
    recorder->OnEvent(Error("one"));
    recorder->OnEvent(Error("two"));
  }
  EXPECT_THAT(log_.Take(), ElementsAre("RESOURCE_EXHAUSTED: cannot start a "
                                       "thread: Resource temporarily "
                                       "unavailable"));
  recorder->OnEvent(Error("three"));
  AwaitEvents(kPath, 3);
}

TEST_F(RecorderTest, TheDestructorWritesWhatNoThreadHasWritten) {
  {
    const ThreadShortage shortage;
    Recorder::Open(kPath, Options())->OnEvent(Error("one"));
  }
  EXPECT_THAT(Read().events, SizeIs(1));
}

TEST_F(RecorderTest, TheHeaderHasProgramPidAndTime) {
  Description description;
  description.subtrees = {{{1, 3}, "", {}}, {{1, 4}, "", {}}};
  const absl::Time before = absl::Now();
  {
    const std::unique_ptr<Recorder> recorder = Recorder::Open(kPath, Options());
    recorder->OnStart(description);
    recorder->OnEvent(Error("one"));
  }
  debug::RecordingHeader header = Read().header;
  EXPECT_GE(header.started().seconds(), absl::ToUnixSeconds(before));
  EXPECT_LE(header.started().seconds(), absl::ToUnixSeconds(absl::Now()));
  header.clear_started();
  EXPECT_THAT(header,
              IsMessage(absl::StrCat("format_version: 2 program: 'recorder_test"
                                     "' roots: '.1.3' roots: '.1.4' pid: ",
                                     getpid())));
}

TEST_F(RecorderTest, OmitsValues) {
  Recorder::Options options = Options();
  options.redact_values = true;
  Recorder::Open(kPath, std::move(options))->OnEvent(GetOf("secret"));
  const Recording recording = Read();
  EXPECT_TRUE(recording.header.values_redacted());
  EXPECT_THAT(recording.events, ElementsAre(IsMessage(R"(
    time { seconds: 5 }
    request_event {
      request { get { oids: '.1.3.1' } }
      response { bindings { oid: '.1.3.1' octet_string: '' } }
      duration { nanos: 7000 }
    }
  )")));
}

TEST_F(RecorderTest, WritesEachEventAtOnce) {
  const auto recorder = Recorder::Open(kPath, Options());
  for (size_t i = 1; i <= 10; ++i) {
    recorder->OnEvent(Error(absl::StrCat(i)));
    AwaitEvents(kPath, i);
  }
}

TEST_F(RecorderTest, HasWrittenEverythingOnceItIsFlushed) {
  const auto recorder = Recorder::Open(kPath, Options());
  recorder->Flush();
  for (size_t count = 1; count <= 100; ++count) {
    recorder->OnEvent(Error("kept"));
    recorder->Flush();
    EXPECT_THAT(Read().events, SizeIs(count));
  }
}

TEST_F(RecorderTest, GoesOnInAnotherFile) {
  Recorder::Options options = Options();
  options.max_bytes = 1000;
  options.max_files = 2;
  auto recorder = Recorder::Open(kPath, std::move(options));
  for (int i = 0; i < 100; ++i) recorder->OnEvent(Error(absl::StrCat(i)));
  recorder.reset();
  const Recording older = Read("agent.rec.1");
  const Recording newer = Read("agent.rec");
  ASSERT_THAT(newer.events, SizeIs(testing::Ge(1)));
  EXPECT_EQ(newer.events.back().error().message(), "99");
  EXPECT_EQ(older.events.back().error().message(),
            absl::StrCat(99 - static_cast<int>(newer.events.size())));
  EXPECT_FALSE(std::filesystem::exists("agent.rec.2"));
}

// Simulates a disk that does not respond until GoOn(): the recorder blocks in
// its error callback, because the directory of its file does not exist yet.
class SlowDiskTest : public RecorderTest {
 protected:
  static constexpr char kPath[] = "absent/agent.rec";

  // The first event is lost.
  SlowDiskTest() {
    Recorder::Options options;
    options.max_queued_bytes = 1000;
    options.flush_limit = absl::Milliseconds(10);
    options.on_error = [&](const absl::Status&) {
      waiting_.Notify();
      go_on_.WaitForNotification();
    };
    recorder_ = Recorder::Open(kPath, std::move(options));
    recorder_->OnEvent(Error("lost"));
    waiting_.WaitForNotification();
  }

  Recording GoOn() {
    std::filesystem::create_directory("absent");
    go_on_.Notify();
    recorder_.reset();
    return Read(kPath);
  }

  absl::Notification waiting_;
  absl::Notification go_on_;
  std::unique_ptr<Recorder> recorder_;
};

TEST_F(SlowDiskTest, DropsAndCountsEventsMeanwhile) {
  constexpr int kMany = 1000;
  for (int i = 0; i < kMany; ++i) recorder_->OnEvent(Error(absl::StrCat(i)));
  const Recording recording = GoOn();
  EXPECT_THAT(recording.events, SizeIs(testing::Ge(20)));
  EXPECT_THAT(recording.events, SizeIs(testing::Le(100)));
  EXPECT_EQ(recording.events[0].error().message(), "0");
  EXPECT_EQ(recording.lost + recording.events.size(), kMany + 1u);
}

TEST_F(SlowDiskTest, DelaysTheEndForTheLimitOnly) {
  recorder_->OnEvent(Error("kept"));
  recorder_->Flush();
  EXPECT_FALSE(std::filesystem::exists("absent"));
  EXPECT_THAT(GoOn().events, SizeIs(1));
}

// Otherwise the recording could not tell where events are missing.
TEST_F(SlowDiskTest, DropsEventsThatWouldFitAfterADroppedEvent) {
  recorder_->OnEvent(Error("kept"));
  recorder_->OnEvent(Error(std::string(1000, 'x')));
  recorder_->OnEvent(Error("lost"));
  const Recording recording = GoOn();
  ASSERT_THAT(recording.events, SizeIs(1));
  EXPECT_EQ(recording.events[0].error().message(), "kept");
  EXPECT_EQ(recording.lost, 3u);
}

TEST_F(RecorderTest, RecordsALossAtItsPlace) {
  Recorder::Options options = Options();
  options.max_bytes = 1000;
  auto recorder = Recorder::Open(kPath, std::move(options));
  recorder->OnEvent(Error("one"));
  recorder->OnEvent(Error(std::string(2000, 'x')));
  recorder->OnEvent(Error(std::string(3000, 'x')));
  recorder->OnEvent(Error("four"));
  recorder.reset();
  absl::StatusOr<RecordingReader> reader = RecordingReader::Open(kPath);
  ASSERT_THAT(reader, IsOk());
  debug::Event event;
  EXPECT_TRUE(reader->Next(&event).value());
  EXPECT_EQ(reader->lost(), 0u);
  EXPECT_TRUE(reader->Next(&event).value());
  EXPECT_EQ(event.error().message(), "four");
  EXPECT_EQ(reader->lost(), 2u);
}

TEST_F(RecorderTest, ReportsAnErrorOnce) {
  auto recorder = Recorder::Open("absent/agent.rec", Options());
  for (int i = 0; i < 10; ++i) recorder->OnEvent(Error("lost"));
  recorder.reset();
  EXPECT_THAT(log_.Take(), ElementsAre(HasSubstr("absent/agent.rec")));
}

TEST_F(RecorderTest, WritesNothingIfNothingHappens) {
  Recorder::Open(kPath, Options()).reset();
  EXPECT_TRUE(directory_.empty());
}

TEST_F(RecorderTest, WrittenEventsSurviveAKill) {
  testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_EXIT(
      {
        const auto recorder = Recorder::Open("../killed.rec", Options());
        recorder->OnEvent(GetOf("kept"));
        AwaitEvents("../killed.rec", 1);
        kill(getpid(), SIGKILL);
      },
      testing::KilledBySignal(SIGKILL), "");
  EXPECT_THAT(Read("../killed.rec").events, SizeIs(1));
  // The remaining lock file does not block the next recorder.
  Recorder::Open("../killed.rec", Options())->OnEvent(Error("next"));
  EXPECT_EQ(Read("../killed.rec").events[0].error().message(), "next");
  EXPECT_THAT(Read("../killed.rec.1").events, SizeIs(1));
}

}  // namespace
}  // namespace passpersist
