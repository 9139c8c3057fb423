// SPDX-License-Identifier: Apache-2.0

#include "transport/recording/recording_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "transport/debug/debug_framing.h"
#include "transport/recording/recording_format.h"

namespace passpersist {
namespace {

using transport_internal::kRecordingFormatVersion;
using transport_internal::TakeRecordingEntry;

constexpr size_t kReadAtOnce = 64 << 10;

absl::Status OtherVersion(absl::string_view path, uint32_t version) {
  return absl::UnimplementedError(absl::StrCat(
      path, ": a recording of format ", version,
      ", but this program reads format ", kRecordingFormatVersion, ": use ",
      version < kRecordingFormatVersion ? "an older" : "a newer", " program"));
}

}  // namespace

absl::StatusOr<RecordingReader> RecordingReader::Open(const std::string& path) {
  transport_internal::ScopedFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) {
    return absl::ErrnoToStatus(errno, absl::StrCat("opening ", path));
  }
  RecordingReader reader(path, std::move(file));
  const absl::Status status = reader.ReadHeader();
  if (!status.ok()) return status;
  return reader;
}

RecordingReader::RecordingReader(std::string path,
                                 transport_internal::ScopedFd file)
    : path_(std::move(path)), file_(std::move(file)) {}

absl::Status RecordingReader::ReadHeader() {
  debug::RecordingEntry entry;
  const absl::StatusOr<bool> read = ReadEntry(&entry);
  if (absl::IsDataLoss(read.status())) return ExplainHeader();
  if (!read.ok()) return read.status();
  if (!*read) {
    return absl::DataLossError(
        absl::StrCat(path_, ": ends within the header of a recording"));
  }
  if (!entry.has_header()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path_, ": not a recording: it has no header"));
  }
  const uint32_t version = entry.header().format_version();
  if (version != kRecordingFormatVersion) return OtherVersion(path_, version);
  header_.Swap(entry.mutable_header());
  return absl::OkStatus();
}

// Format 1 has another frame, so its first entry looks damaged.
absl::Status RecordingReader::ExplainHeader() const {
  absl::string_view rest = received_;
  absl::string_view message;
  debug::RecordingEntry entry;
  if (TakeFrame(received_.size(), &rest, &message).value_or(false) &&
      entry.ParseFromArray(message.data(), static_cast<int>(message.size())) &&
      entry.header().format_version() == 1) {
    return OtherVersion(path_, 1);
  }
  return absl::InvalidArgumentError(
      absl::StrCat(path_, ": not a recording, or its header is damaged"));
}

absl::StatusOr<bool> RecordingReader::Next(debug::Event* event) {
  debug::RecordingEntry entry;
  while (true) {
    const absl::StatusOr<bool> read = ReadEntry(&entry);
    if (!read.ok() || !*read) return read;
    lost_ += entry.lost();
    if (entry.has_event()) {
      event->Swap(entry.mutable_event());
      return true;
    }
  }
}

absl::StatusOr<bool> RecordingReader::ReadEntry(debug::RecordingEntry* entry) {
  while (true) {
    absl::string_view rest = received_;
    rest.remove_prefix(begin_);
    absl::string_view message;
    const absl::StatusOr<bool> taken = TakeRecordingEntry(&rest, &message);
    if (!taken.ok()) return Damage(taken.status().message());
    if (*taken) {
      if (!entry->ParseFromArray(message.data(),
                                 static_cast<int>(message.size()))) {
        return Damage("the message cannot be parsed");
      }
      begin_ = received_.size() - rest.size();
      return true;
    }
    const absl::StatusOr<bool> more = ReadMore();
    if (!more.ok() || !*more) return more;
  }
}

// Returns false at the end of the file.
absl::StatusOr<bool> RecordingReader::ReadMore() {
  received_.erase(0, begin_);
  offset_ += std::exchange(begin_, 0);
  const size_t size = received_.size();
  received_.resize(size + kReadAtOnce);
  ssize_t count = -1;
  do {
    count = read(file_.get(), &received_[size], kReadAtOnce);
  } while (count < 0 && errno == EINTR);
  const int error = errno;
  received_.resize(size + (count > 0 ? static_cast<size_t>(count) : 0));
  if (count < 0) {
    return absl::ErrnoToStatus(error, absl::StrCat("reading ", path_));
  }
  return count > 0;
}

absl::Status RecordingReader::Damage(absl::string_view what) const {
  return absl::DataLossError(
      absl::StrCat(path_, ": damaged at byte ", offset_ + begin_, ": ", what));
}

}  // namespace passpersist
