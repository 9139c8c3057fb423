// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_RECORDING_RECORDER_H_
#define TRANSPORT_RECORDING_RECORDER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/error_report.h"
#include "passpersist/inspection.h"
#include "passpersist/observer.h"
#include "passpersist/oid.h"
#include "transport/debug/debug.pb.h"
#include "transport/recording/recording_files.h"

namespace passpersist {

// Keeps what happens in an agent in a file, to be looked at when somebody asks
// what snmpd wanted at 3 a.m.:
//
//   builder.AddObserver(Recorder::To("/var/log/my_agent/agent.rec"));
//
// "Recordings" in transport/debug/debug.proto says what is in it,
// RecordingReader reads it, and `passpersist replay` asks an agent the same
// once more. Of files there are agent.rec, agent.rec.1 and so on, with mode
// 0600 (less what the umask takes): bounded in number and size, and what an
// earlier process recorded goes last. A path belongs to one process at a time;
// agent.rec.lock says so.
//
//   the thread that answers snmpd        a thread of the recorder's own
//
//   event --> message ---> queue ------> queue --> write(2)
//                    |
//                    +---> counted, if the queue is full
//
// Whoever answers never waits for the disk. What comes while the queue is full,
// because the disk is slow, and what can't be written, because it is full, is
// not recorded but counted, and the recording tells at that place how many
// events it lacks.
//
// What was written outlives the process, whatever ends it. That is all that
// happened until snmpd ended the conversation, if the disk takes it within the
// `flush_limit`, and nearly everything if a signal ends the process: the writer
// is behind by some microseconds, if the disk isn't slow. Of updates that end
// after the conversation it is what the writer gets done before the process
// ends.
//
// Used by one thread at a time.
class Recorder : public Observer {
 public:
  struct Options {
    // Of a file, and how many there are, the one that grows among them; at
    // least 2.
    size_t max_bytes = 16 << 20;
    int max_files = 4;

    // Leaves out what may be secret: all values, read or set, and the bytes
    // that held them. What was asked for stays, and the types.
    bool leave_values_out = false;

    // Of events that wait to be written. The memory in use is up to twice that.
    size_t max_queued_bytes = 1 << 20;

    // How long the end of the conversation waits for the disk.
    absl::Duration flush_limit = absl::Seconds(1);

    // Told why recording fails, once for each reason, by the recorder's own
    // thread. SyslogErrors() if null.
    ErrorCallback on_error;
  };

  // Records to `path`, beginning with the first event. That files can't be
  // written stops nothing: it is tried again at each event.
  //
  // A relative path is one of the working folder, which must not be left.
  static std::unique_ptr<Recorder> To(std::string path);
  static std::unique_ptr<Recorder> To(std::string path, Options options);

  // Waits until everything is written, or can't be.
  ~Recorder() override;

  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // These never wait for the disk.
  void Begin(const Description& description) override;
  void Observe(const Event& event) override;

  // Waits until everything is written, or can't be, up to the limit.
  void Flush() override;

 private:
  Recorder(std::string path, Options options);

  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !queue_.empty() || lost_ > 0 || ended_;
  }
  bool IsIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return queue_.empty() && lost_ == 0 && !writing_;
  }

  // What the writer does, until the end.
  void WriteAll();
  // One event. `missing` are those that were lost before it.
  void Write(absl::string_view frame, uint64_t* missing);
  void TellMissing(uint64_t* missing);
  bool Append(absl::string_view frame);

  const bool leave_values_out_;
  const size_t max_queued_bytes_;
  const absl::Duration flush_limit_;
  // Of the thread that observes; kept for their memory.
  debug::RecordingEntry entry_;
  std::string frame_;

  absl::Mutex mutex_;  // not held while anything is written
  std::string queue_ ABSL_GUARDED_BY(mutex_);       // frames
  std::vector<Oid> roots_ ABSL_GUARDED_BY(mutex_);  // until the writer has them
  // Events that came when the queue was full. Until it is empty all do, so that
  // the gap is behind what is in the queue.
  uint64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;  // what was in the queue
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;

  // Of the writer.
  transport_internal::RecordingFiles files_;
  ErrorCallback on_error_;
  absl::Status failure_;  // OK if the last attempt was none
  std::thread writer_;
};

}  // namespace passpersist

#endif  // TRANSPORT_RECORDING_RECORDER_H_
