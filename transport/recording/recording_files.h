// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_RECORDING_RECORDING_FILES_H_
#define TRANSPORT_RECORDING_RECORDING_FILES_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "transport/debug/debug.pb.h"
#include "transport/posix/lock_file.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist::transport_internal {

// The files of a recording:
//
//   agent.rec       header  entry  entry  …          the one that grows
//   agent.rec.1     header  entry  entry  …  entry   the one before it
//   agent.rec.2     …                                the oldest, next to go
//   agent.rec.lock  held by the process that the recording belongs to
//
// An entry that would make a file longer than `max_bytes` begins a new one. The
// others are renamed then, the oldest first, which puts an end to the oldest;
// so there are never more than `max_files`, nor does any have more than
// `max_bytes`, nor is one without a header. What is there when a process
// begins was recorded by another, and makes way in the same manner.
//
// An entry is one write(2) to the end of the file: as soon as that returns it
// outlives the process, not the machine. A file ends with a whole entry, unless
// the process ends within the write: what the disk takes a part of is cut away
// again.
//
// Used by one thread at a time.
class RecordingFiles {
 public:
  // Opens nothing yet. `header` is that of each file, but for its time.
  // `max_files` below 2 is 2: there is a place for what must not be lost.
  RecordingFiles(std::string path, debug::RecordingHeader header,
                 size_t max_bytes, int max_files);

  RecordingFiles(const RecordingFiles&) = delete;
  RecordingFiles& operator=(const RecordingFiles&) = delete;

  // Of the agent's subtrees, for the headers of files to come.
  void SetRoots(absl::Span<const Oid> roots);

  // Writes an entry with its frame. After an error that names the file, none of
  // it is there; the next one is tried anew, also what it takes to begin.
  // ResourceExhausted for what is too long for any file.
  absl::Status Append(absl::string_view frame);

 private:
  absl::Status Begin();
  absl::Status MakeWay();
  absl::Status Write(absl::string_view bytes);
  // The name of the file before which there are `age` newer ones.
  std::string Name(int age) const;

  const std::string path_;
  debug::RecordingHeader header_;
  const size_t max_bytes_;
  const int max_files_;
  std::optional<LockFile> lock_;
  ScopedFd file_;    // none before the first entry, and after some errors
  size_t size_ = 0;  // of the file
};

}  // namespace passpersist::transport_internal

#endif  // TRANSPORT_RECORDING_RECORDING_FILES_H_
