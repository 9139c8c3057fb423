// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/testing/pass_persist_codec_rules.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "passpersist/codec.h"
#include "transport/pass_persist/pass_persist_codec.h"

namespace passpersist_testing {
namespace {

constexpr char kPong[] = "PONG\n";

}  // namespace

SnmpdPeer::SnmpdPeer()
    : peer_(std::make_unique<passpersist::PassPersistCodec>(),
            passpersist::Regions{{{1, 3}}, {{1, 3, 8}}}, &agent_) {}

void SnmpdPeer::Ask(const std::vector<std::string>& reads) {
  Ping();
  for (const std::string& read : reads) peer_.Send(read);
  peer_.ExpireReadTimeout();
  const std::string output = peer_.TakeOutput();
  absl::string_view answer = output;
  pong_ahead_ = absl::EndsWith(answer, "\nPONG\n");
  if (pong_ahead_) answer = absl::StripSuffix(answer, kPong);
  EXPECT_EQ(std::count(answer.begin(), answer.end(), '\n'), 1)
      << absl::CHexEscape(answer) << " answers "
      << absl::CHexEscape(absl::StrJoin(reads, " | "));
  EXPECT_TRUE(absl::EndsWith(answer, "\n"));
}

void SnmpdPeer::Ping() {
  peer_.Send("PING\n");
  EXPECT_EQ(peer_.TakeOutput(), pong_ahead_ ? "" : kPong);
}

void ExpectOneAnswer(const std::vector<std::string>& reads) {
  if (HasCommand(reads)) return;
  SnmpdPeer snmpd;
  snmpd.Ask(reads);
  snmpd.Ask({"get\n.1.3.1.0\n"});
}

bool HasPing(absl::string_view value) {
  const std::vector<absl::string_view> lines = absl::StrSplit(value, '\n');
  // The next PING continues a last line without a newline.
  for (size_t i = 1; i + 1 < lines.size(); ++i) {
    if (absl::EndsWithIgnoreCase(absl::StripAsciiWhitespace(lines[i]),
                                 "PING")) {
      return true;
    }
  }
  return false;
}

bool HasCommand(const std::vector<std::string>& reads) {
  bool first = true;
  for (const absl::string_view read : reads) {
    if (read.empty()) continue;
    if (std::exchange(first, false)) continue;
    const size_t end = read.find('\n');
    if (end == absl::string_view::npos) continue;
    const std::string line =
        absl::AsciiStrToLower(absl::StripAsciiWhitespace(read.substr(0, end)));
    for (const absl::string_view command : {"get", "getnext", "set", "dump"}) {
      if (line == command) return true;
    }
  }
  return false;
}

}  // namespace passpersist_testing
