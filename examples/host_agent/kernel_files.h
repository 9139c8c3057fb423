// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_KERNEL_FILES_H_
#define EXAMPLES_HOST_AGENT_KERNEL_FILES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Reads files of the kernel in /proc and /sys. Errors name the file.

namespace host_agent {

// Returns all bytes of a file. NotFound if there is no such file, or if the
// object that it describes was removed after the file was opened; other errors
// are those of read(2).
absl::StatusOr<std::string> ReadKernelFile(const std::string& path);

// Like ReadKernelFile(), without the end of the line: for files of one value.
absl::StatusOr<std::string> ReadKernelLine(const std::string& path);

// Returns the number of a file such as "1500\n". DataLoss if the file contains
// any other text.
absl::StatusOr<int64_t> ReadKernelNumber(const std::string& path);

// Like ReadKernelNumber(), for a counter up to 2^64-1.
absl::StatusOr<uint64_t> ReadKernelCounter(const std::string& path);

// Returns the names in a directory, in no particular order.
absl::StatusOr<std::vector<std::string>> ListKernelDirectory(
    const std::string& path);

// Returns DataLoss with the file and the text that could not be parsed.
absl::Status UnexpectedText(absl::string_view path, absl::string_view text);

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_KERNEL_FILES_H_
