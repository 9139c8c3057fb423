// SPDX-License-Identifier: Apache-2.0

#include "examples/atomic_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace examples {
namespace {

namespace fs = std::filesystem;

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Opens a file with the `flags` of open(2). Returns null and sets errno if
// open(2) fails.
File Open(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC, 0600);
  const bool reads = (flags & O_ACCMODE) == O_RDONLY;
  return File(fd < 0 ? nullptr : fdopen(fd, reads ? "r" : "w"), std::fclose);
}

absl::Status ErrnoError(absl::string_view action, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", action, " ", path));
}

// Resolves symbolic links. The target need not exist.
absl::StatusOr<fs::path> Follow(fs::path path) {
  constexpr int kMaxLinks = 40;  // as path_resolution(7)
  for (int links = 0; links <= kMaxLinks; ++links) {
    std::error_code no_link;
    const fs::path next = fs::read_symlink(path, no_link);
    if (no_link) return path;
    path = path.parent_path() / next;
  }
  return absl::FailedPreconditionError("too many symbolic links");
}

// Locks `file` until it is closed, and checks that `path` still names it: a
// former holder of the lock may have renamed the file between open() and
// flock().
absl::Status Lock(std::FILE* file, const std::string& path) {
  struct stat opened = {};
  struct stat named = {};
  if (flock(fileno(file), LOCK_EX | LOCK_NB) != 0 ||
      fstat(fileno(file), &opened) != 0) {
    return ErrnoError("lock", path);
  }
  if (lstat(path.c_str(), &named) != 0 || named.st_ino != opened.st_ino) {
    return absl::UnavailableError(absl::StrCat(path, " has just been renamed"));
  }
  return absl::OkStatus();
}

// Removes the leftover of a kill, whatever its type, unless a live writer has
// locked it. A file that cannot be opened is not locked by a writer of this
// user: CreateNewFile() creates files that their owner can open.
absl::Status RemoveLeftover(const std::string& path) {
  const File file = Open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (file != nullptr) {
    if (absl::Status locked = Lock(file.get(), path); !locked.ok())
      return locked;
  } else if (errno == ENOENT) {
    return absl::OkStatus();
  } else if (errno != EACCES && errno != ELOOP) {
    return ErrnoError("open", path);
  }
  return unlink(path.c_str()) == 0 ? absl::OkStatus()
                                   : ErrnoError("remove", path);
}

// Creates the file that Replace() renames. It is locked until it is closed, and
// other users cannot open it.
absl::StatusOr<File> CreateNewFile(const std::string& path) {
  constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL;
  File file = Open(path, kNew);
  if (file == nullptr && errno == EEXIST) {
    if (absl::Status free = RemoveLeftover(path); !free.ok()) return free;
    file = Open(path, kNew);
    if (file == nullptr && errno == EEXIST) errno = EWOULDBLOCK;
  }
  if (file == nullptr) return ErrnoError("create", path);
  if (absl::Status locked = Lock(file.get(), path); !locked.ok()) return locked;
  return file;
}

bool Write(std::FILE* file, absl::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() &&
         std::fflush(file) == 0;
}

// Copies owner, group and mode of the old file, if there is one. If the group
// cannot be kept, the new group gets the rights of others.
absl::Status CopyOwnerAndMode(int fd, const std::string& path) {
  constexpr auto kSameOwner = static_cast<uid_t>(-1);
  constexpr auto kSameGroup = static_cast<gid_t>(-1);
  struct stat old = {};
  if (stat(path.c_str(), &old) != 0) {
    return errno == ENOENT ? absl::OkStatus() : ErrnoError("look at", path);
  }
  const bool has_owner = fchown(fd, old.st_uid, kSameGroup) == 0;
  const bool has_group = fchown(fd, kSameOwner, old.st_gid) == 0;
  const mode_t owner = old.st_mode >> 6 & 07;
  const mode_t others = old.st_mode & 07;
  const mode_t old_group = old.st_mode >> 3 & 07;
  const mode_t group = has_group ? old_group : others;
  if ((old_group & ~group) != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("its group ", old.st_gid,
                     " would lose rights; let the directory pass on its group "
                     "(chgrp, chmod g+s)"));
  }
  if (!has_owner && old.st_uid != 0 && (owner & ~group) != 0) {
    return absl::PermissionDeniedError(absl::StrCat(
        "its owner ", old.st_uid,
        " would lose rights; give them to the group, too (chmod g=u)"));
  }
  return fchmod(fd, owner << 6 | group << 3 | others) == 0
             ? absl::OkStatus()
             : ErrnoError("change the mode of", path);
}

// Implements ReplaceFile(). The errors name the step that failed.
absl::Status Replace(const std::string& path, absl::string_view bytes) {
  const absl::StatusOr<fs::path> followed = Follow(path);
  if (!followed.ok()) return followed.status();
  const std::string target = *followed;
  const fs::path parent =
      followed->has_parent_path() ? followed->parent_path() : ".";
  const std::string next =
      parent / absl::StrCat(".", followed->filename().string(), ".new");

  const File directory = Open(parent, O_RDONLY);
  if (directory == nullptr) return ErrnoError("open", parent);
  const absl::StatusOr<File> file = CreateNewFile(next);
  if (!file.ok()) return file.status();
  const int fd = fileno(file->get());
  absl::Status status = Write(file->get(), bytes) ? CopyOwnerAndMode(fd, target)
                                                  : ErrnoError("write", next);
  if (status.ok() && fsync(fd) != 0) status = ErrnoError("write", next);
  if (status.ok() && std::rename(next.c_str(), target.c_str()) != 0) {
    status = ErrnoError("rename", next);
  }
  if (!status.ok()) {
    unlink(next.c_str());
    return status;
  }
  return fsync(fileno(directory.get())) == 0 ? status
                                             : ErrnoError("write", parent);
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const File file = Open(path, O_RDONLY);
  std::string bytes;
  if (file != nullptr) {
    char buffer[4096];
    size_t count;
    while ((count = std::fread(buffer, 1, sizeof(buffer), file.get())) > 0) {
      bytes.append(buffer, count);
    }
    if (std::ferror(file.get()) == 0) return bytes;
  }
  return ErrnoError("read", path);
}

absl::Status ReplaceFile(const std::string& path, absl::string_view bytes) {
  const absl::Status status = Replace(path, bytes);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("cannot replace ", path, ": ",
                                                  status.message()));
}

}  // namespace examples
