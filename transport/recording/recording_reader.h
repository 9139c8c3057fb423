// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_RECORDING_RECORDING_READER_H_
#define TRANSPORT_RECORDING_RECORDING_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "transport/debug/debug.pb.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist {

// Reads a file that a Recorder wrote, event by event, with no more than one of
// them in memory:
//
//   absl::StatusOr<RecordingReader> reader =
//   RecordingReader::Open("agent.rec"); debug::Event event; while
//   (reader->Next(&event).value_or(false)) …
//
// Errors name the file and the byte at which the entry begins:
// "agent.rec: no entry of a recording at byte 1027". That a file ends within an
// entry is none: its program was killed, or is about to write on.
//
// Used by one thread at a time.
class RecordingReader {
 public:
  // Reads the header. InvalidArgument for what is no recording, Unimplemented
  // for one of a format that this program doesn't know, DataLoss for one that
  // ends within the header.
  static absl::StatusOr<RecordingReader> Open(const std::string& path);

  RecordingReader(RecordingReader&&) = default;
  RecordingReader& operator=(RecordingReader&&) = default;

  const std::string& path() const { return path_; }
  const debug::RecordingHeader& header() const { return header_; }

  // Reads the next event; false at the end, where it may be asked again while
  // the recording goes on. Entries that this program doesn't know are skipped.
  absl::StatusOr<bool> Next(debug::Event* event);

  // How many events the recorder had to leave out, as far as was read.
  uint64_t lost() const { return lost_; }

  // At the end: how many bytes lie behind the last whole entry.
  size_t cut_bytes() const { return received_.size() - begin_; }

 private:
  RecordingReader(std::string path, transport_internal::ScopedFd file);

  absl::Status ReadHeader();
  // False at the end.
  absl::StatusOr<bool> ReadEntry(debug::RecordingEntry* entry);
  absl::StatusOr<bool> ReadMore();
  absl::Status NoEntry(absl::string_view why) const;

  std::string path_;
  transport_internal::ScopedFd file_;
  debug::RecordingHeader header_;
  uint64_t lost_ = 0;

  // What was read of the file, of which the entries before begin_ are done:
  //
  //   offset_  +--------------+--------------------+
  //            |  entries     |  entries to come   |  received_
  //            +--------------+--------------------+
  //                        begin_
  std::string received_;
  size_t begin_ = 0;
  uint64_t offset_ = 0;  // in the file, of received_
};

}  // namespace passpersist

#endif  // TRANSPORT_RECORDING_RECORDING_READER_H_
