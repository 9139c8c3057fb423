// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_LOCK_FILE_H_
#define TRANSPORT_POSIX_LOCK_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist::transport_internal {

// A file with an flock(2), which only one process at a time can hold. The
// kernel releases the lock when the process ends for any cause, so a file that
// remains from an earlier process blocks no other process.
//
// The holder removes the file before it releases the lock. A process that has
// opened the file before finds, after locking, that the file has lost its name,
// and creates a new file: otherwise two processes could hold locks on two files
// of the same name.
//
// Used by one thread at a time.
class LockFile {
 public:
  // Does not wait. Returns AlreadyExists if the lock is held in this process or
  // another.
  static absl::StatusOr<LockFile> Take(const std::string& path);

  LockFile(LockFile&&) = default;
  LockFile& operator=(LockFile&&) = delete;

  // Removes the file and releases the lock.
  ~LockFile();

 private:
  LockFile(const std::string& path, ScopedFd fd);

  std::string path_;
  ScopedFd fd_;  // invalid once moved from
};

}  // namespace passpersist::transport_internal

#endif  // TRANSPORT_POSIX_LOCK_FILE_H_
