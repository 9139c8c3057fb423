// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_RECORDING_RECORDING_FORMAT_H_
#define TRANSPORT_RECORDING_RECORDING_FORMAT_H_

#include <cstddef>
#include <cstdint>

namespace passpersist::transport_internal {

// Constants of the format that the writer and the reader of a recording share.
// See "Recordings" in transport/debug/debug.proto.
inline constexpr uint32_t kRecordingFormatVersion = 1;
inline constexpr size_t kMaxRecordingEntry = 16 << 20;

}  // namespace passpersist::transport_internal

#endif  // TRANSPORT_RECORDING_RECORDING_FORMAT_H_
