// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/lock_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace passpersist::transport_internal {
namespace {

// Opens the file, or creates it. Two steps are necessary: in a directory that
// all users may write to, O_CREAT fails for a file of another user, even for
// root (proc(5), protected_regular).
int OpenOrCreate(const char* path) {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
  while (true) {
    int fd = open(path, kFlags);
    if (fd >= 0 || errno != ENOENT) return fd;
    fd = open(path, kFlags | O_CREAT | O_EXCL, 0600);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
}

// Returns false if the open file has lost its name, or if the name belongs to
// another file.
bool IsAt(int fd, const char* path) {
  struct stat opened = {};
  struct stat named = {};
  return fstat(fd, &opened) == 0 && lstat(path, &named) == 0 &&
         opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

}  // namespace

absl::StatusOr<LockFile> LockFile::Take(const std::string& path) {
  while (true) {
    ScopedFd fd(OpenOrCreate(path.c_str()));
    if (!fd.valid()) {
      return absl::ErrnoToStatus(errno, absl::StrCat("opening ", path));
    }
    if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EINTR) continue;
      if (errno == EWOULDBLOCK) {
        return absl::AlreadyExistsError(
            absl::StrCat(path, " is held by a running process"));
      }
      return absl::ErrnoToStatus(errno, absl::StrCat("locking ", path));
    }
    // Another process may have removed the file between open() and flock().
    if (IsAt(fd.get(), path.c_str())) return LockFile(path, std::move(fd));
  }
}

LockFile::LockFile(const std::string& path, ScopedFd fd)
    : path_(path), fd_(std::move(fd)) {}

LockFile::~LockFile() {
  if (fd_.valid() && IsAt(fd_.get(), path_.c_str())) unlink(path_.c_str());
}

}  // namespace passpersist::transport_internal
