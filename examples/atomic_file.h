// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_ATOMIC_FILE_H_
#define EXAMPLES_ATOMIC_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Small files that are read and replaced as a whole. Errors name the file.

namespace examples {

// All of a file.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Gives a file other contents, or makes it. Whoever reads it, at any moment
// and after kill -9 or a power cut at any moment, finds all of the old bytes or
// all of the new ones; on OK the new ones, for good:
//
//   1  .NAME.new   written beside NAME and brought to the disk
//   2  NAME        the same file by rename(2), which is atomic
//   3  the folder  brought to the disk, because names are kept there
//
// A kill before the second step leaves .NAME.new behind, which has always this
// name, so that the next call removes it and nothing piles up. It begins with a
// dot for those who include "*.ini". Until the bytes are in it no other user
// can open it.
//
// So the process needs a folder that it may read and write in, whatever it may
// do with the file; and it makes another file, whose owner it is. What it does
// about that:
//
//   mode           stays; what was missing is made for its owner alone
//   group          stays if the process is a member, or the folder hands its
//                  group on (chmod g+s); if not, another group gets what
//                  everybody had
//   owner          stays if the process is root's; if not, the former owner has
//                  what the group has
//   refused        what would take rights from the group, or from an owner who
//                  isn't root: PermissionDenied, and the message says the cure
//   symbolic link  stays one: the file that it leads to is replaced or made
//   lost           access control lists; other hard links keep the old bytes
//
// After an error the file is what it was, but for one in the third step: then
// it is new, and a power cut may undo that. Unavailable if somebody else is
// replacing it right now; never waits for them.
//
// Safe for concurrent use, by several processes of one user too: they lock
// .NAME.new, and to others that is what a kill left behind.
absl::Status ReplaceFile(const std::string& path, absl::string_view bytes);

}  // namespace examples

#endif  // EXAMPLES_ATOMIC_FILE_H_
