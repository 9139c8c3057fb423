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
// name, so that the next call takes it over and nothing piles up. It begins
// with a dot for those who include "*.ini".
//
// The mode stays, and as far as the process may give files away the owner and
// the group; what was missing is made for its owner alone. A symbolic link
// stays one: the file that it leads to is replaced. Other hard links keep the
// old bytes, and access control lists are lost.
//
// After an error the file is what it was, but for one in the third step: then
// it is new, and a power cut may undo that. Unavailable if somebody else is
// replacing it right now; never waits for them.
//
// Safe for concurrent use, by several processes too.
absl::Status ReplaceFile(const std::string& path, absl::string_view bytes);

}  // namespace examples

#endif  // EXAMPLES_ATOMIC_FILE_H_
