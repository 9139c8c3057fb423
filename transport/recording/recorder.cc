// SPDX-License-Identifier: Apache-2.0

#include "transport/recording/recorder.h"

#include <errno.h>
#include <unistd.h>

#include <utility>

#include "absl/status/statusor.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/base/start_thread.h"
#include "passpersist/scheduling/monotonic_clock.h"
#include "transport/debug/debug_framing.h"
#include "transport/debug/debug_reports.h"
#include "transport/debug/debug_values.h"
#include "transport/recording/recording_format.h"
#include "transport/recording/redaction.h"

namespace passpersist {
namespace {

debug::RecordingHeader Header(const Recorder::Options& options) {
  debug::RecordingHeader header;
  header.set_program(ToUtf8(program_invocation_short_name));
  header.set_pid(getpid());
  header.set_values_redacted(options.redact_values);
  return header;
}

}  // namespace

std::unique_ptr<Recorder> Recorder::Open(std::string path) {
  return Open(std::move(path), Options());
}

std::unique_ptr<Recorder> Recorder::Open(std::string path, Options options) {
  if (options.on_error == nullptr) {
    options.on_error = SyslogErrors(std::make_shared<MonotonicClock>());
  }
  return std::unique_ptr<Recorder>(
      new Recorder(std::move(path), std::move(options)));
}

Recorder::Recorder(std::string path, Options options)
    : redact_values_(options.redact_values),
      max_queued_bytes_(options.max_queued_bytes),
      flush_limit_(options.flush_limit),
      files_(std::move(path), Header(options), options.max_bytes,
             options.max_files),
      on_error_(std::move(options.on_error)) {
  StartWriter();
}

Recorder::~Recorder() {
  {
    internal::MutexLock lock(mutex_);
    ended_ = true;
  }
  if (writer_.joinable()) {
    writer_.join();
  } else {
    WriteAll();
  }
}

void Recorder::OnStart(const Description& description) {
  internal::MutexLock lock(mutex_);
  for (const Description::Subtree& subtree : description.subtrees) {
    roots_.push_back(subtree.root);
  }
}

void Recorder::OnEvent(const Event& event) {
  entry_.Clear();
  ToProto(event, entry_.mutable_event());
  if (redact_values_) RedactValues(entry_.mutable_event());
  frame_.clear();
  AppendFrame(entry_, &frame_);

  if (!writer_.joinable()) StartWriter();
  internal::MutexLock lock(mutex_);
  // After a lost event further events are lost too, until the writer has
  // emptied the queue: lost_ describes a single gap after the queue.
  if (lost_ > 0 || queue_.size() + frame_.size() > max_queued_bytes_) {
    ++lost_;
  } else {
    queue_.append(frame_);
  }
}

void Recorder::Flush() {
  internal::MutexLock lock(mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(this, &Recorder::IsIdle),
                          flush_limit_);
}

void Recorder::StartWriter() {
  absl::StatusOr<std::thread> writer =
      internal::StartThread([this] { WriteAll(); });
  if (writer.ok()) {
    writer_ = *std::move(writer);
  } else {
    Report(writer.status());
  }
}

void Recorder::WriteAll() {
  std::string frames;
  std::vector<Oid> roots;
  uint64_t missing = 0;  // events lost since the last written event
  bool ended = false;
  while (!ended) {
    uint64_t lost = 0;
    frames.clear();
    {
      internal::MutexLock lock(mutex_);
      writing_ = false;
      mutex_.Await(absl::Condition(this, &Recorder::HasWork));
      writing_ = true;
      frames.swap(queue_);
      roots.swap(roots_);
      lost = std::exchange(lost_, 0);
      ended = ended_;
    }
    if (!roots.empty()) files_.SetRoots(std::exchange(roots, {}));
    absl::string_view rest = frames;
    absl::string_view message;
    while (!rest.empty()) {
      TakeFrame(frames.size(), &rest, &message).IgnoreError();
      Write(message, &missing);
    }
    missing += lost;
    if (missing > 0) WriteMissing(&missing);
  }
}

void Recorder::Write(absl::string_view message, uint64_t* missing) {
  if (*missing > 0) WriteMissing(missing);
  if (*missing > 0 || !Append(message)) ++*missing;
}

// Sets *missing to 0 after a successful write.
void Recorder::WriteMissing(uint64_t* missing) {
  debug::RecordingEntry entry;
  entry.set_lost(*missing);
  if (Append(entry.SerializeAsString())) *missing = 0;
}

bool Recorder::Append(absl::string_view message) {
  absl::Status status =
      message.size() > transport_internal::kMaxRecordingEntry
          ? absl::ResourceExhaustedError("entry too long for a recording")
          : files_.Append(message);
  Report(std::move(status));
  return failure_.ok();
}

void Recorder::Report(absl::Status status) {
  if (!status.ok() && status != failure_) on_error_(status);
  failure_ = std::move(status);
}

}  // namespace passpersist
