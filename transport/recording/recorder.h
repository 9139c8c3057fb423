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
#include "passpersist/error_callback.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/observer.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/oid.h"
#include "transport/debug/debug.pb.h"
#include "transport/recording/recording_files.h"

namespace passpersist {

// Records the events of an agent in a file, for later analysis:
//
//   builder.AddObserver(Recorder::Open("/var/log/my_agent/agent.rec"));
//
// "Recordings" in transport/debug/debug.proto describes the format,
// RecordingReader reads it, and `passpersist replay` sends the recorded
// requests to an agent again. The files are agent.rec, agent.rec.1 and so on,
// with mode 0600 (less the bits in the umask). A higher number is an older
// file. The number and the size of the files are bounded. A process that begins
// to record renames the files of the process before it. In a series of
// restarts, each less than a minute after the last event, the file that shows
// the first end stays: snmpd starts an agent that crashes again at each
// request.
//
// A path belongs to one process at a time, which holds agent.rec.lock. A second
// process records nothing and calls on_error; it tries again at each event.
//
//   the thread that answers snmpd        a thread of the recorder's own
//
//   event --> message ---> queue ------> queue --> write(2)
//                    |
//                    +---> counted, if the queue is full
//
// The thread that answers snmpd never waits for the disk. Events that arrive
// while the queue is full, because the disk is slow, and events that cannot be
// written, because the disk is full, are counted instead of recorded; the
// recording holds the number of missing events at that place.
//
// If the system has no thread left, the events wait in the queue, and each
// event tries to start the thread again.
//
// Written events survive the end of the process for any cause. When the
// connection to snmpd ends, all events so far are written, if the disk takes
// them within `flush_limit`. Events after that, and the events of the last
// microseconds before a signal ends the process, may be missing. A request is
// recorded with its answer, so a request during which the process ends is
// missing.
//
// Used by one thread at a time.
class Recorder : public Observer {
 public:
  struct Options {
    // The maximum size of a file.
    size_t max_bytes = 16 << 20;
    // The maximum number of files, including the current one; at least 2.
    int max_files = 4;

    // Omits data that may be secret: all values, read or set, and the bytes
    // that held them. The requested names and the types remain.
    bool redact_values = false;

    // The maximum size of the events that wait to be written. The memory in use
    // is up to twice that.
    size_t max_queued_bytes = 1 << 20;

    // How long Flush() waits for the disk, after the end of snmpd's connection.
    absl::Duration flush_limit = absl::Seconds(1);

    // Called with the reason why recording fails, once for each reason, on the
    // recorder's own thread; on the thread that observes, if the system has no
    // thread left for the recorder. Null means SyslogErrors().
    ErrorCallback on_error;
  };

  // Records to `path`, beginning with the first event. A file that cannot be
  // written does not affect the agent: the recorder tries again at each event.
  //
  // A relative path refers to the working directory, which the process must not
  // change.
  static std::unique_ptr<Recorder> Open(std::string path);
  static std::unique_ptr<Recorder> Open(std::string path, Options options);

  // Waits until all events are written or writing has failed.
  ~Recorder() override;

  Recorder(const Recorder&) = delete;
  Recorder& operator=(const Recorder&) = delete;

  // These never wait for the disk.
  void OnStart(const Description& description) override;
  void OnEvent(const Event& event) override;

  // Waits until all events are written or writing has failed, for at most
  // flush_limit.
  void Flush() override;

 private:
  Recorder(std::string path, Options options);

  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !queue_.empty() || lost_ > 0 || ended_;
  }
  bool IsIdle() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return queue_.empty() && lost_ == 0 && !writing_;
  }

  // Starts the writer thread, or reports that no thread is left. Called by the
  // observing thread.
  void StartWriter();
  // The writer thread: writes queued events until the destructor ends it.
  void WriteAll();
  // Writes one event. *missing is the number of events lost before it.
  void Write(absl::string_view message, uint64_t* missing);
  // Writes an entry with the number of missing events, and sets *missing to 0
  // if that succeeds.
  void WriteMissing(uint64_t* missing);
  bool Append(absl::string_view message);
  // Calls on_error_ for an error that is not that of the call before.
  void Report(absl::Status status);

  const bool redact_values_;
  const size_t max_queued_bytes_;
  const absl::Duration flush_limit_;
  // Used by the observing thread only; members so that their memory is reused.
  debug::RecordingEntry entry_;
  std::string frame_;

  absl::Mutex mutex_;  // not held during a write to the file
  std::string queue_ ABSL_GUARDED_BY(mutex_);       // frames
  std::vector<Oid> roots_ ABSL_GUARDED_BY(mutex_);  // until the writer has them
  // The number of events that arrived while the queue was full. Until the
  // writer has emptied the queue all further events are lost too, so that the
  // gap comes after all queued events.
  uint64_t lost_ ABSL_GUARDED_BY(mutex_) = 0;
  // The writer is writing the former contents of the queue.
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;

  // Used by the writer only; before it runs, by the observing thread.
  transport_internal::RecordingFiles files_;
  ErrorCallback on_error_;
  absl::Status failure_;  // of the last attempt to write; OK if it succeeded

  std::thread writer_;  // used by the observing thread
};

}  // namespace passpersist

#endif  // TRANSPORT_RECORDING_RECORDER_H_
