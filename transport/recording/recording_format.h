// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_RECORDING_RECORDING_FORMAT_H_
#define TRANSPORT_RECORDING_RECORDING_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// The entries of a recording, which the writer and the reader share. See
// "Recordings" in transport/debug/debug.proto. A file of entries is a TFRecord
// file (tensorflow.org/tutorials/load_data/tfrecord):
//
//   8 bytes   length of the message, little-endian
//   4 bytes   masked CRC-32C of these 8 bytes, little-endian
//   …         the message
//   4 bytes   masked CRC-32C of the message, little-endian
//
// The length has a checksum of its own, so that an entry with a damaged length
// differs from an entry at which the file ends.

namespace passpersist::transport_internal {

// Format 1 had the frames of debug_framing.h and no checksums.
inline constexpr uint32_t kRecordingFormatVersion = 2;

inline constexpr size_t kMaxRecordingEntry = 16 << 20;  // of the message
inline constexpr size_t kRecordingEntryOverhead = 16;

// Appends the entry that contains `message`.
void AppendRecordingEntry(absl::string_view message, std::string* out);

// Removes an entry from the front of *in and sets *message to the part of *in
// that is the message. Returns false if *in does not hold a whole entry.
//
// Returns DataLoss if a checksum is wrong, and OutOfRange if the message is
// longer than kMaxRecordingEntry. *in is unchanged after an error.
absl::StatusOr<bool> TakeRecordingEntry(absl::string_view* in,
                                        absl::string_view* message);

}  // namespace passpersist::transport_internal

#endif  // TRANSPORT_RECORDING_RECORDING_FORMAT_H_
