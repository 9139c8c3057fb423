// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_KERNEL_FILES_H_
#define EXAMPLES_HOST_AGENT_KERNEL_FILES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Reading what the kernel tells in /proc and /sys. Errors name the file.

namespace host_agent {

// All of a file. NotFound if there is no such file, or what it tells of has
// gone since it was opened; other errors as read(2) has them.
absl::StatusOr<std::string> ReadKernelFile(const std::string& path);

// The same, without the end of the line: for files of one value.
absl::StatusOr<std::string> ReadKernelLine(const std::string& path);

// The only number of a file, such as "1500\n". DataLoss if it holds anything
// else.
absl::StatusOr<int64_t> ReadKernelNumber(const std::string& path);

// The only number of a file that counts to 2^64-1.
absl::StatusOr<uint64_t> ReadKernelCounter(const std::string& path);

// The names in a folder, in no order.
absl::StatusOr<std::vector<std::string>> ListKernelFolder(
    const std::string& path);

// DataLoss, naming the file and what was not understood in it.
absl::Status UnexpectedText(absl::string_view path, absl::string_view text);

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_KERNEL_FILES_H_
