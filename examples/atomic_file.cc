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

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Null, and errno, if that fails.
File Open(const std::string& path, const char* mode) {
  return File(std::fopen(path.c_str(), mode), std::fclose);
}

// The file that is to be renamed, held by nobody else as long as it is open.
// Who held it before may have renamed it between our opening and our locking:
// then ours is the one that everybody reads by now. Until it has the mode of
// the old file nobody else can open it, and keep it open.
absl::StatusOr<File> OpenNext(const std::string& path,
                              absl::string_view failed) {
  const int fd =
      open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  File file(fd < 0 ? nullptr : fdopen(fd, "w"), std::fclose);
  if (file == nullptr) return absl::ErrnoToStatus(errno, failed);
  struct stat opened = {};
  struct stat named = {};
  if (flock(fd, LOCK_EX | LOCK_NB) != 0 || fstat(fd, &opened) != 0) {
    return absl::ErrnoToStatus(errno, failed);
  }
  if (stat(path.c_str(), &named) != 0 || named.st_ino != opened.st_ino) {
    return absl::ErrnoToStatus(EWOULDBLOCK, failed);
  }
  return file;
}

// Where the group can't be kept, the one that it gets instead may do what it
// might before, as one of the others.
bool TakeOwnerAndMode(int fd, const std::string& path) {
  struct stat old = {};
  if (stat(path.c_str(), &old) != 0) return errno == ENOENT;
  mode_t mode = old.st_mode & 0777;
  if (fchown(fd, old.st_uid, old.st_gid) != 0 &&
      fchown(fd, static_cast<uid_t>(-1), old.st_gid) != 0) {
    mode = (mode & 0707) | (mode & 07) << 3;
  }
  return fchmod(fd, mode) == 0;
}

bool Write(std::FILE* file, absl::string_view bytes) {
  return ftruncate(fileno(file), 0) == 0 &&
         std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() &&
         std::fflush(file) == 0 && fsync(fileno(file)) == 0;
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  const File file = Open(path, "re");
  std::string bytes;
  if (file != nullptr) {
    char buffer[4096];
    size_t count;
    while ((count = std::fread(buffer, 1, sizeof(buffer), file.get())) > 0) {
      bytes.append(buffer, count);
    }
    if (std::ferror(file.get()) == 0) return bytes;
  }
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", path));
}

absl::Status ReplaceFile(const std::string& path, absl::string_view bytes) {
  const std::string failed = absl::StrCat("cannot replace ", path);
  std::error_code error;
  const std::filesystem::path target = std::filesystem::weakly_canonical(
      std::filesystem::absolute(path, error), error);
  if (error) return absl::ErrnoToStatus(error.value(), failed);
  const std::string next =
      target.parent_path() /
      absl::StrCat(".", target.filename().string(), ".new");

  const File folder = Open(target.parent_path(), "re");
  if (folder == nullptr) return absl::ErrnoToStatus(errno, failed);
  const absl::StatusOr<File> file = OpenNext(next, failed);
  if (!file.ok()) return file.status();
  if (!TakeOwnerAndMode(fileno(file->get()), target) ||
      !Write(file->get(), bytes) ||
      std::rename(next.c_str(), target.c_str()) != 0) {
    const absl::Status status = absl::ErrnoToStatus(errno, failed);
    unlink(next.c_str());
    return status;
  }
  if (fsync(fileno(folder.get())) == 0) return absl::OkStatus();
  return absl::ErrnoToStatus(errno, failed);
}

}  // namespace examples
