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

// Reads the events of a file that a Recorder wrote, with at most one event in
// memory:
//
//   absl::StatusOr<RecordingReader> reader =
//       RecordingReader::Open("agent.rec");
//   debug::Event event;
//   while (reader->Next(&event).value_or(false)) …
//
// Each entry has a checksum. Errors name the file and the byte at which the
// entry begins: "agent.rec: damaged at byte 1027: wrong checksum of a message
// of 96 bytes". A file that ends within an entry is not an error: the recording
// program was killed, or is still writing.
//
// Used by one thread at a time.
class RecordingReader {
 public:
  // Reads the header. Returns InvalidArgument for a file that is not a
  // recording, Unimplemented for a recording of an older or newer format, which
  // the message names, and DataLoss for a recording that ends within the
  // header.
  static absl::StatusOr<RecordingReader> Open(const std::string& path);

  RecordingReader(RecordingReader&&) = default;
  RecordingReader& operator=(RecordingReader&&) = default;

  const std::string& path() const { return path_; }
  const debug::RecordingHeader& header() const { return header_; }

  // Reads the next event. Returns false at the end; a later call returns events
  // that the recorder has written since. Skips entries unknown to this program.
  // Returns DataLoss for a damaged entry; there is no way past it.
  absl::StatusOr<bool> Next(debug::Event* event);

  // The number of lost events, as recorded in the entries read so far.
  uint64_t lost() const { return lost_; }

  // At the end: the number of bytes after the last whole entry.
  size_t cut_bytes() const { return received_.size() - begin_; }

 private:
  RecordingReader(std::string path, transport_internal::ScopedFd file);

  absl::Status ReadHeader();
  // The error for a first entry with a wrong checksum.
  absl::Status ExplainHeader() const;
  // Returns false at the end.
  absl::StatusOr<bool> ReadEntry(debug::RecordingEntry* entry);
  absl::StatusOr<bool> ReadMore();
  absl::Status Damage(absl::string_view what) const;

  std::string path_;
  transport_internal::ScopedFd file_;
  debug::RecordingHeader header_;
  uint64_t lost_ = 0;

  // The bytes read from the file. The entries before begin_ have been returned:
  //
  //   offset_  +--------------+--------------------+
  //            |  entries     |  entries to come   |  received_
  //            +--------------+--------------------+
  //                        begin_
  std::string received_;
  size_t begin_ = 0;
  uint64_t offset_ = 0;  // of received_ in the file
};

}  // namespace passpersist

#endif  // TRANSPORT_RECORDING_RECORDING_READER_H_
