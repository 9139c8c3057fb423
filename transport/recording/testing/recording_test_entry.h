// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_RECORDING_TESTING_RECORDING_TEST_ENTRY_H_
#define TRANSPORT_RECORDING_TESTING_RECORDING_TEST_ENTRY_H_

#include <string>

#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"
#include "transport/recording/recording_format.h"

namespace passpersist_testing {

// Returns the RecordingEntry that `text` describes, with its checksums. A
// recording is a sequence of these.
inline std::string RecordingEntryBytes(const std::string& text) {
  std::string bytes;
  passpersist::transport_internal::AppendRecordingEntry(
      FromText<passpersist::debug::RecordingEntry>(text).SerializeAsString(),
      &bytes);
  return bytes;
}

}  // namespace passpersist_testing

#endif  // TRANSPORT_RECORDING_TESTING_RECORDING_TEST_ENTRY_H_
