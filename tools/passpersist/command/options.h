// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_OPTIONS_H_
#define TOOLS_PASSPERSIST_COMMAND_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/passpersist/text/message_text.h"

namespace passpersist::tool {

// When text has colours. The type of the flag --color.
enum class ColorMode { kAuto, kAlways, kNever };

bool AbslParseFlag(absl::string_view text, ColorMode* mode, std::string* error);
std::string AbslUnparseFlag(ColorMode mode);

// The values of the flags. options.cc describes each flag. A value type.
struct Options {
  // For most commands.
  std::string socket;
  absl::Duration limit = absl::Seconds(5);
  Format format = Format::kText;
  ColorMode color = ColorMode::kAuto;

  // For stats and watch.
  bool watch = false;
  absl::Duration interval = absl::Seconds(1);
  uint64_t count = 0;  // 0: no limit
  bool pings = false;

  // For exec and check.
  std::string base;
  std::string set;

  // For replay.
  bool values = false;
  bool sets = false;
};

// Returns the current values of the flags. If --socket is empty, `socket` is
// the environment variable PASSPERSIST_SOCKET.
Options OptionsFromFlags();

// The names of the flags. The first kCommonFlags are those of most commands.
const std::vector<absl::string_view>& FlagNames();
constexpr size_t kCommonFlags = 4;

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_COMMAND_OPTIONS_H_
