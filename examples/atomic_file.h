// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_ATOMIC_FILE_H_
#define EXAMPLES_ATOMIC_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Reads and replaces small files as a whole. Errors name the file.

namespace examples {

// Returns all bytes of a file.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Replaces the bytes of a file, or creates the file. A reader finds all of the
// old bytes or all of the new bytes, at any moment and after kill -9 or a power
// cut at any moment. After OK every reader finds the new bytes:
//
//   1  .NAME.new      written beside NAME and synced to the disk
//   2  NAME           the same file by rename(2), which is atomic
//   3  the directory  synced to the disk, because it holds the names
//
// A kill before the second step leaves .NAME.new. The name is always the same,
// so the next call removes the file and leftovers do not accumulate. The name
// begins with a dot, so that a pattern such as "*.ini" does not match it. No
// other user can open the file until the bytes are in it.
//
// The process therefore needs the right to read and write in the directory,
// whatever its rights for the file are. It creates another file, and owns that
// file. The consequences:
//
//   mode           stays; a file that was missing has mode 0600
//   group          stays if the process is a member, or the directory passes on
//                  its group (chmod g+s); otherwise the file gets another
//                  group, with the rights of others
//   owner          stays if the process runs as root; otherwise the former
//                  owner has the rights of the group
//   refused        a replacement that would take rights from the group, or from
//                  an owner other than root: PermissionDenied, with the remedy
//                  in the message
//   symbolic link  stays a link: its target is replaced or created
//   lost           access control lists; other hard links keep the old bytes
//
// After an error the file has the old bytes, except after an error in the third
// step: then it has the new bytes, and a power cut may undo the replacement.
// Returns Unavailable if another writer is replacing the file; never waits for
// other writers.
//
// Safe for concurrent use, also by several processes of one user: they lock
// .NAME.new. A process of another user treats .NAME.new as the leftover of a
// kill.
absl::Status ReplaceFile(const std::string& path, absl::string_view bytes);

}  // namespace examples

#endif  // EXAMPLES_ATOMIC_FILE_H_
