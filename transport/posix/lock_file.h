// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_LOCK_FILE_H_
#define TRANSPORT_POSIX_LOCK_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist::transport_internal {

// A file that one process at a time holds: an flock(2), which ends with the
// process however that ends, so that a file that was left behind stops nobody.
//
// The file is removed while the lock is still held. Whoever opened it before
// finds after locking that it has no name any more, and makes a new one:
// otherwise two could hold locks on two files of the same name.
//
// Used by one thread at a time.
class LockFile {
 public:
  // Never waits. AlreadyExists if somebody holds it, in this process or
  // another.
  static absl::StatusOr<LockFile> Take(const std::string& path);

  LockFile(LockFile&&) = default;
  LockFile& operator=(LockFile&&) = delete;

  // Removes the file and lets go.
  ~LockFile();

 private:
  LockFile(const std::string& path, ScopedFd fd);

  std::string path_;
  ScopedFd fd_;  // invalid once moved from
};

}  // namespace passpersist::transport_internal

#endif  // TRANSPORT_POSIX_LOCK_FILE_H_
