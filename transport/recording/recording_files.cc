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
#include "transport/debug/debug_values.h"
#include "transport/recording/recording_format.h"
#include "transport/recording/recording_reader.h"

namespace passpersist::transport_internal {
namespace {

// The maximum size of a header's times and frame, which header_ does not have.
constexpr size_t kHeaderSlack = 64;

// A process that begins later does not continue a series of restarts.
constexpr absl::Duration kQuietTime = absl::Minutes(1);

absl::Status Error(absl::string_view what, absl::string_view name) {
  return absl::ErrnoToStatus(errno, absl::StrCat(what, name));
}

}  // namespace

RecordingFiles::RecordingFiles(std::string path, debug::RecordingHeader header,
                               size_t max_bytes, int max_files,
                               std::function<absl::Time()> now)
    : path_(std::move(path)),
      header_(std::move(header)),
      max_bytes_(max_bytes),
      max_files_(std::max(max_files, 2)),
      now_(std::move(now)) {
  header_.set_format_version(kRecordingFormatVersion);
}

void RecordingFiles::SetRoots(absl::Span<const Oid> roots) {
  header_.clear_roots();
  for (const Oid& root : roots) header_.add_roots(ToProto(root));
}

absl::Status RecordingFiles::Append(absl::string_view message) {
  const size_t size = message.size() + kRecordingEntryOverhead;
  if (!file_.valid() || size_ + size > max_bytes_) {
    // Checked before BeginFile(): otherwise each entry that fits no file would
    // rotate the files, and delete the oldest.
    if (header_.ByteSizeLong() + kHeaderSlack + size > max_bytes_) {
      return absl::ResourceExhaustedError(
          absl::StrCat(path_, ": an entry of ", size,
                       " bytes exceeds the limit of a file, ", max_bytes_));
    }
    const absl::Status status = BeginFile();
    if (!status.ok()) return status;
  }
  return Write(message);
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
  if (!began_) began_ = now_();
  file_ = ScopedFd(open(
      path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
  if (!file_.valid()) return Error("opening ", path_);
  size_ = 0;
  debug::RecordingEntry entry;
  *entry.mutable_header() = header_;
  ToProto(now_(), entry.mutable_header()->mutable_started());
  status = Write(entry.SerializeAsString());
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
  ContinueSeries(absl::TimeFromTimespec(file.st_mtim));
  int oldest = max_files_ - 1;
  if (IsFirst(Name(oldest))) --oldest;
  if (oldest == 0 && unlink(path_.c_str()) != 0) {
    return Error("removing ", path_);
  }
  for (int age = oldest; age > 0; --age) {
    const std::string name = Name(age - 1);
    if (rename(name.c_str(), Name(age).c_str()) != 0 && errno != ENOENT) {
      return Error("renaming ", name);
    }
  }
  return absl::OkStatus();
}

void RecordingFiles::ContinueSeries(absl::Time last_entry) {
  const absl::Time now = now_();
  if (began_) {
    // The file at the path is of this process, and full.
    if (now - *began_ > kQuietTime) header_.clear_first_started();
    return;
  }
  if (now - last_entry > kQuietTime) return;
  const absl::StatusOr<RecordingReader> former = RecordingReader::Open(path_);
  if (!former.ok()) return;
  // A former process that recorded for long does not belong to a series, but
  // its end may begin one.
  const bool in_series =
      former->header().has_first_started() &&
      last_entry - FromProto(former->header().started()) <= kQuietTime;
  *header_.mutable_first_started() =
      in_series ? former->header().first_started() : former->header().started();
}

bool RecordingFiles::IsFirst(const std::string& name) const {
  if (!header_.has_first_started()) return false;
  const absl::StatusOr<RecordingReader> file = RecordingReader::Open(name);
  return file.ok() && FromProto(file->header().started()) ==
                          FromProto(header_.first_started());
}

absl::Status RecordingFiles::Write(absl::string_view message) {
  entry_.clear();
  AppendRecordingEntry(message, &entry_);
  absl::string_view bytes = entry_;
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
