// SPDX-License-Identifier: Apache-2.0

#include "transport/recording/recording_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "transport/debug/debug_framing.h"
#include "transport/debug/debug_values.h"
#include "transport/recording/recording_format.h"

namespace passpersist::transport_internal {
namespace {

// The maximum size of a header's time and frame, which header_ does not have.
constexpr size_t kHeaderSlack = 64;

absl::Status Error(absl::string_view what, absl::string_view name) {
  return absl::ErrnoToStatus(errno, absl::StrCat(what, name));
}

}  // namespace

RecordingFiles::RecordingFiles(std::string path, debug::RecordingHeader header,
                               size_t max_bytes, int max_files)
    : path_(std::move(path)),
      header_(std::move(header)),
      max_bytes_(max_bytes),
      max_files_(std::max(max_files, 2)) {
  header_.set_format_version(kRecordingFormatVersion);
}

void RecordingFiles::SetRoots(absl::Span<const Oid> roots) {
  header_.clear_roots();
  for (const Oid& root : roots) header_.add_roots(ToProto(root));
}

absl::Status RecordingFiles::Append(absl::string_view frame) {
  if (!file_.valid() || size_ + frame.size() > max_bytes_) {
    // Checked before BeginFile(): otherwise each entry that fits no file would
    // rotate the files, and delete the oldest.
    if (header_.ByteSizeLong() + kHeaderSlack + frame.size() > max_bytes_) {
      return absl::ResourceExhaustedError(
          absl::StrCat(path_, ": an entry of ", frame.size(),
                       " bytes exceeds the limit of a file, ", max_bytes_));
    }
    const absl::Status status = BeginFile();
    if (!status.ok()) return status;
  }
  return Write(frame);
}

// Creates a new file with a header.
absl::Status RecordingFiles::BeginFile() {
  file_ = ScopedFd();
  if (!lock_) {
    absl::StatusOr<LockFile> lock = LockFile::Take(path_ + ".lock");
    if (!lock.ok()) return lock.status();
    lock_.emplace(*std::move(lock));
  }
  absl::Status status = RotateFiles();
  if (!status.ok()) return status;
  file_ = ScopedFd(open(
      path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
  if (!file_.valid()) return Error("opening ", path_);
  size_ = 0;
  debug::RecordingEntry entry;
  *entry.mutable_header() = header_;
  ToProto(absl::Now(), entry.mutable_header()->mutable_started());
  std::string frame;
  AppendFrame(entry, &frame);
  status = Write(frame);
  if (!status.ok()) {
    // A file without a header would take the place of an older recording at the
    // next rotation.
    unlink(path_.c_str());
    file_ = ScopedFd();
  }
  return status;
}

// Renames the file at the path, after the older files.
absl::Status RecordingFiles::RotateFiles() {
  struct stat file = {};
  if (lstat(path_.c_str(), &file) != 0) {
    return errno == ENOENT ? absl::OkStatus() : Error("examining ", path_);
  }
  if (!S_ISREG(file.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path_, " is not a file; nothing is recorded"));
  }
  for (int age = max_files_ - 1; age > 0; --age) {
    const std::string name = Name(age - 1);
    if (rename(name.c_str(), Name(age).c_str()) != 0 && errno != ENOENT) {
      return Error("renaming ", name);
    }
  }
  return absl::OkStatus();
}

absl::Status RecordingFiles::Write(absl::string_view bytes) {
  const size_t end = size_ + bytes.size();
  while (!bytes.empty()) {
    const ssize_t count = write(file_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      absl::Status status = Error("writing to ", path_);
      // If the partial entry cannot be removed, the next entry begins a new
      // file.
      if (ftruncate(file_.get(), static_cast<off_t>(size_)) != 0) {
        file_ = ScopedFd();
      }
      return status;
    }
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  size_ = end;
  return absl::OkStatus();
}

std::string RecordingFiles::Name(int age) const {
  return age == 0 ? path_ : absl::StrCat(path_, ".", age);
}

}  // namespace passpersist::transport_internal
