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

// `flags` are those of open(2). Null, and errno, if that fails.
File Open(const std::string& path, int flags) {
  const int fd = open(path.c_str(), flags | O_CLOEXEC, 0600);
  const bool reads = (flags & O_ACCMODE) == O_RDONLY;
  return File(fd < 0 ? nullptr : fdopen(fd, reads ? "r" : "w"), std::fclose);
}

absl::Status CanNot(absl::string_view act, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", act, " ", path));
}

// The file that a path leads to by symbolic links, whether it is there or not.
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

// From OK until the file is closed nobody else holds it, and `path` names it:
// who held it before may have renamed it between our opening and our locking.
absl::Status Hold(std::FILE* file, const std::string& path) {
  struct stat opened = {};
  struct stat named = {};
  if (flock(fileno(file), LOCK_EX | LOCK_NB) != 0 ||
      fstat(fileno(file), &opened) != 0) {
    return CanNot("lock", path);
  }
  if (lstat(path.c_str(), &named) != 0 || named.st_ino != opened.st_ino) {
    return absl::UnavailableError(absl::StrCat(path, " has just been renamed"));
  }
  return absl::OkStatus();
}

// Removes what a kill left behind, whatever it is, unless a writer that is
// alive holds it. What can't even be opened is none of this user's.
absl::Status RemoveLeftover(const std::string& path) {
  const File file = Open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (file != nullptr) {
    if (absl::Status held = Hold(file.get(), path); !held.ok()) return held;
  } else if (errno == ENOENT) {
    return absl::OkStatus();
  } else if (errno != EACCES && errno != ELOOP) {
    return CanNot("open", path);
  }
  return unlink(path.c_str()) == 0 ? absl::OkStatus() : CanNot("remove", path);
}

// The file that is to be renamed: new, held by nobody else until it is closed,
// and not to be opened by other users.
absl::StatusOr<File> MakeNext(const std::string& path) {
  constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL;
  File file = Open(path, kNew);
  if (file == nullptr && errno == EEXIST) {
    if (absl::Status free = RemoveLeftover(path); !free.ok()) return free;
    file = Open(path, kNew);
    if (file == nullptr && errno == EEXIST) errno = EWOULDBLOCK;
  }
  if (file == nullptr) return CanNot("make", path);
  if (absl::Status held = Hold(file.get(), path); !held.ok()) return held;
  return file;
}

bool Write(std::FILE* file, absl::string_view bytes) {
  return std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() &&
         std::fflush(file) == 0;
}

// Owner, group and mode of the old file, if there is one. Where the group can't
// be kept, another one gets what everybody has.
absl::Status TakeRights(int fd, const std::string& path) {
  constexpr auto kSameOwner = static_cast<uid_t>(-1);
  constexpr auto kSameGroup = static_cast<gid_t>(-1);
  struct stat old = {};
  if (stat(path.c_str(), &old) != 0) {
    return errno == ENOENT ? absl::OkStatus() : CanNot("look at", path);
  }
  const bool has_owner = fchown(fd, old.st_uid, kSameGroup) == 0;
  const bool has_group = fchown(fd, kSameOwner, old.st_gid) == 0;
  const mode_t owner = old.st_mode >> 6 & 07;
  const mode_t others = old.st_mode & 07;
  const mode_t old_group = old.st_mode >> 3 & 07;
  const mode_t group = has_group ? old_group : others;
  if ((old_group & ~group) != 0) {
    return absl::PermissionDeniedError(absl::StrCat(
        "its group ", old.st_gid,
        " would lose rights; let the folder hand it on (chgrp, chmod g+s)"));
  }
  if (!has_owner && old.st_uid != 0 && (owner & ~group) != 0) {
    return absl::PermissionDeniedError(absl::StrCat(
        "its owner ", old.st_uid,
        " would lose rights; let a group have them, too (chmod g=u)"));
  }
  return fchmod(fd, owner << 6 | group << 3 | others) == 0
             ? absl::OkStatus()
             : CanNot("change the mode of", path);
}

// What ReplaceFile() does; the errors tell of the step that failed.
absl::Status Replace(const std::string& path, absl::string_view bytes) {
  const absl::StatusOr<fs::path> followed = Follow(path);
  if (!followed.ok()) return followed.status();
  const std::string target = *followed;
  const fs::path parent =
      followed->has_parent_path() ? followed->parent_path() : ".";
  const std::string next =
      parent / absl::StrCat(".", followed->filename().string(), ".new");

  const File folder = Open(parent, O_RDONLY);
  if (folder == nullptr) return CanNot("open", parent);
  const absl::StatusOr<File> file = MakeNext(next);
  if (!file.ok()) return file.status();
  const int fd = fileno(file->get());
  absl::Status status = Write(file->get(), bytes) ? TakeRights(fd, target)
                                                  : CanNot("write", next);
  if (status.ok() && fsync(fd) != 0) status = CanNot("write", next);
  if (status.ok() && std::rename(next.c_str(), target.c_str()) != 0) {
    status = CanNot("rename", next);
  }
  if (!status.ok()) {
    unlink(next.c_str());
    return status;
  }
  return fsync(fileno(folder.get())) == 0 ? status : CanNot("write", parent);
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
  return CanNot("read", path);
}

absl::Status ReplaceFile(const std::string& path, absl::string_view bytes) {
  const absl::Status status = Replace(path, bytes);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("cannot replace ", path, ": ",
                                                  status.message()));
}

}  // namespace examples
