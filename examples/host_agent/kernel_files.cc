// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/kernel_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace host_agent {
namespace {

template <typename T>
absl::StatusOr<T> ReadSingleNumber(const std::string& path) {
  const absl::StatusOr<std::string> text = ReadKernelLine(path);
  if (!text.ok()) return text.status();
  T number;
  if (!absl::SimpleAtoi(*text, &number)) return UnexpectedText(path, *text);
  return number;
}

}  // namespace

// Uses read(2), because a stream does not report why it failed, and some files
// fail on purpose: "speed" of an interface that is down returns EINVAL.
absl::StatusOr<std::string> ReadKernelFile(const std::string& path) {
  const std::string failed = absl::StrCat("cannot read ", path);
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return absl::ErrnoToStatus(errno, failed);
  std::string text;
  char buffer[4096];
  ssize_t count;
  while ((count = read(file, buffer, sizeof(buffer))) > 0) {
    text.append(buffer, static_cast<size_t>(count));
  }
  const int error = errno;
  close(file);
  if (count < 0) return absl::ErrnoToStatus(error, failed);
  return text;
}

absl::StatusOr<std::string> ReadKernelLine(const std::string& path) {
  absl::StatusOr<std::string> text = ReadKernelFile(path);
  if (text.ok()) absl::StripTrailingAsciiWhitespace(&*text);
  return text;
}

absl::StatusOr<int64_t> ReadKernelNumber(const std::string& path) {
  return ReadSingleNumber<int64_t>(path);
}

absl::StatusOr<uint64_t> ReadKernelCounter(const std::string& path) {
  return ReadSingleNumber<uint64_t>(path);
}

absl::StatusOr<std::vector<std::string>> ListKernelDirectory(
    const std::string& path) {
  std::vector<std::string> names;
  std::error_code error;
  std::filesystem::directory_iterator entry(path, error);
  for (; !error && entry != end(entry); entry.increment(error)) {
    names.push_back(entry->path().filename());
  }
  if (!error) return names;
  return absl::ErrnoToStatus(error.value(), absl::StrCat("cannot list ", path));
}

absl::Status UnexpectedText(absl::string_view path, absl::string_view text) {
  return absl::DataLossError(absl::StrCat(path, ": cannot understand \"",
                                          absl::CHexEscape(text), "\""));
}

}  // namespace host_agent
