// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_RECORDING_RECORDING_FILES_H_
#define TRANSPORT_RECORDING_RECORDING_FILES_H_

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "transport/debug/debug.pb.h"
#include "transport/posix/lock_file.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist::transport_internal {

// The files of a recording:
//
//   agent.rec       header  entry  entry  …          the current file
//   agent.rec.1     header  entry  entry  …  entry   the previous file
//   agent.rec.2     …                                the oldest, deleted next
//   agent.rec.lock  held by the process that owns the recording
//
// An entry that would make a file longer than `max_bytes` begins a new file.
// The other files are renamed first, from the oldest to the newest, which
// replaces the oldest. There are never more than `max_files`, no file is longer
// than `max_bytes`, and every file has a header. A process that begins to
// record renames the files of an earlier process in the same way.
//
// A process that begins less than a minute after the last entry of the process
// before it continues a series of restarts. The first file of the series is the
// last one of the process whose end began it. While the series lasts, that file
// becomes the oldest, and the second oldest is deleted instead:
//
//   a crash, and three restarts          one more
//   agent.rec     the third restart      the fourth restart
//   agent.rec.1   the second restart     the third restart
//   agent.rec.2   the first restart      the second restart
//   agent.rec.3   the crash              the crash
//
// The series ends with a process that records for more than a minute.
//
// An entry is one write(2) to the end of the file: once write(2) has returned,
// the entry survives the end of the process, but not a crash of the machine. A
// file ends with a whole entry, unless the process ends within the write: a
// partially written entry is truncated.
//
// Used by one thread at a time.
class RecordingFiles {
 public:
  // Does not open a file. Each file gets `header` with its own time. A
  // `max_files` below 2 counts as 2, so that beginning a new file keeps the
  // previous one. Tests replace `now`.
  RecordingFiles(
      std::string path, debug::RecordingHeader header, size_t max_bytes,
      int max_files,
      std::function<absl::Time()> now = [] { return absl::Now(); });

  RecordingFiles(const RecordingFiles&) = delete;
  RecordingFiles& operator=(const RecordingFiles&) = delete;

  // Sets the roots of the agent's subtrees for the headers of later files.
  void SetRoots(absl::Span<const Oid> roots);

  // Writes an entry, a serialized debug::RecordingEntry. An error names the
  // file; nothing of the entry is in the file then. The next call tries again,
  // and also begins a file again if necessary. Returns ResourceExhausted for an
  // entry that is too long for any file.
  absl::Status Append(absl::string_view message);

 private:
  absl::Status BeginFile();
  absl::Status RotateFiles();
  // Sets the field first_started of header_. `last_entry` is the time of the
  // last entry at the path.
  void ContinueSeries(absl::Time last_entry);
  // Returns true if the series of restarts began with this file.
  bool IsFirst(const std::string& name) const;
  absl::Status Write(absl::string_view message);
  // Returns the name of the file that has `age` newer files.
  std::string Name(int age) const;

  const std::string path_;
  debug::RecordingHeader header_;
  const size_t max_bytes_;
  const int max_files_;
  const std::function<absl::Time()> now_;
  std::optional<absl::Time> began_;  // the first file of this process
  std::optional<LockFile> lock_;
  ScopedFd file_;      // invalid before the first entry, and after some errors
  size_t size_ = 0;    // of file_
  std::string entry_;  // a member so that its memory is reused
};

}  // namespace passpersist::transport_internal

#endif  // TRANSPORT_RECORDING_RECORDING_FILES_H_
