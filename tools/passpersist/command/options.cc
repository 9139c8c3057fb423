// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/options.h"

#include <cstdlib>
#include <initializer_list>

#include "absl/flags/flag.h"

ABSL_FLAG(std::string, socket, "",
          "the agent's debug socket; default: $PASSPERSIST_SOCKET");
ABSL_FLAG(absl::Duration, limit, absl::Seconds(5),
          "how long to wait for an answer, such as 500ms; default: 5s");
ABSL_FLAG(passpersist::tool::Format, format, passpersist::tool::Format::kText,
          "text, or for programs json or textproto: one message per line");
ABSL_FLAG(passpersist::tool::ColorMode, color,
          passpersist::tool::ColorMode::kAuto,
          "always, never, or auto: on a terminal, unless NO_COLOR is set");
ABSL_FLAG(bool, watch, false, "stats: repeat, with rates per second");
ABSL_FLAG(absl::Duration, interval, absl::Seconds(1),
          "stats --watch: time between samples, such as 500ms; default: 1s");
ABSL_FLAG(uint64_t, count, 0,
          "stats, watch: end after this many samples, events; default: never");
ABSL_FLAG(bool, pings, false,
          "watch: show the PINGs too, one before each request");
ABSL_FLAG(std::string, base, "",
          "exec and check: the OID of the pass_persist line");
ABSL_FLAG(std::string, set, "",
          "check: OID=TYPE=VALUE, a set that the check may carry out");
ABSL_FLAG(bool, values, false, "replay: show the values that differ, too");
ABSL_FLAG(bool, sets, false, "replay: send the recorded sets, too");

namespace passpersist::tool {

bool AbslParseFlag(absl::string_view text, ColorMode* mode,
                   std::string* error) {
  for (const ColorMode candidate :
       {ColorMode::kAuto, ColorMode::kAlways, ColorMode::kNever}) {
    if (text == AbslUnparseFlag(candidate)) {
      *mode = candidate;
      return true;
    }
  }
  *error = "auto, always or never";
  return false;
}

std::string AbslUnparseFlag(ColorMode mode) {
  switch (mode) {
    case ColorMode::kAuto:
      return "auto";
    case ColorMode::kAlways:
      return "always";
    case ColorMode::kNever:
      return "never";
  }
  return "";
}

Options OptionsFromFlags() {
  Options options;
  options.socket = absl::GetFlag(FLAGS_socket);
  const char* const socket = std::getenv("PASSPERSIST_SOCKET");
  if (options.socket.empty() && socket != nullptr) options.socket = socket;
  options.limit = absl::GetFlag(FLAGS_limit);
  options.format = absl::GetFlag(FLAGS_format);
  options.color = absl::GetFlag(FLAGS_color);
  options.watch = absl::GetFlag(FLAGS_watch);
  options.interval = absl::GetFlag(FLAGS_interval);
  options.count = absl::GetFlag(FLAGS_count);
  options.pings = absl::GetFlag(FLAGS_pings);
  options.base = absl::GetFlag(FLAGS_base);
  options.set = absl::GetFlag(FLAGS_set);
  options.values = absl::GetFlag(FLAGS_values);
  options.sets = absl::GetFlag(FLAGS_sets);
  return options;
}

const std::vector<absl::string_view>& FlagNames() {
  static const auto& names = *new std::vector<absl::string_view>{
      "socket", "limit", "format", "color", "watch",  "interval",
      "count",  "pings", "base",   "set",   "values", "sets"};
  return names;
}

}  // namespace passpersist::tool
