// SPDX-License-Identifier: Apache-2.0

#include "transport/fuzz/codec_fuzzer.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "transport/testing/codec_conformance_rules.h"

namespace passpersist_testing {

using passpersist::CodecFactory;
using passpersist::Regions;

namespace {

// The bytes between two pauses, in pieces.
using Burst = std::vector<absl::string_view>;

std::vector<Burst> Parse(absl::string_view input) {
  constexpr uint8_t kMaxSizes = 8;
  constexpr uint8_t kPause = 0x80;
  absl::string_view sizes;
  if (!input.empty() && static_cast<uint8_t>(input.back()) <= kMaxSizes) {
    size_t count = static_cast<uint8_t>(input.back());
    input.remove_suffix(1);
    count = std::min(count, input.size());
    sizes = input.substr(input.size() - count);
    input.remove_suffix(count);
  }
  std::vector<Burst> bursts(1);
  for (const char byte : sizes) {
    const auto size = static_cast<uint8_t>(byte);
    bursts.back().push_back(input.substr(0, size & ~kPause));
    input.remove_prefix(bursts.back().back().size());
    if ((size & kPause) != 0) bursts.emplace_back();
  }
  bursts.back().push_back(input);
  return bursts;
}

// Returns all pieces as one view: they are adjacent in memory.
absl::string_view Joined(const Burst& burst) {
  const absl::string_view first = burst.front();
  const absl::string_view last = burst.back();
  return {first.data(),
          static_cast<size_t>(last.data() + last.size() - first.data())};
}

}  // namespace

CodecFuzzer::CodecFuzzer(CodecFactory make_codec, Cuts cuts)
    : make_codec_(std::move(make_codec)),
      cuts_(cuts),
      agent_(ConformanceAgent(*make_codec_())) {}

void CodecFuzzer::Try(absl::string_view input) const {
  const Regions regions = {{ConformanceRoot()}, {ConformanceRoot()}};
  CodecPeer at_once(make_codec_(), regions, &agent_);
  CodecPeer in_pieces(make_codec_(), regions, &agent_);
  CodecPeer in_bytes(make_codec_(), regions, &agent_);
  // The former contents of the request must not matter.
  in_pieces.PrefillRequests(static_cast<int>(input.size()) %
                            CodecPeer::kPrefillKinds);
  // With Cuts::kChangeSets, whether a set is refused and whether the bytes
  // after it are a command may depend on the pieces.
  bool same = cuts_ == Cuts::kChangeNothing ||
              !absl::StrContains(absl::AsciiStrToLower(input), "set");
  for (const Burst& burst : Parse(input)) {
    at_once.Send(Joined(burst));
    for (const absl::string_view piece : burst) in_pieces.Send(piece);
    for (const char& byte : Joined(burst)) {
      in_bytes.Send(absl::string_view(&byte, 1));
    }
    if (same) {
      ExpectSame(at_once, in_pieces, cuts_);
      ExpectSame(at_once, in_bytes, cuts_);
    }
    // The read timeout may depend on the bytes that arrived together. If it
    // differs, the codec's reaction to the pause may differ too.
    const absl::Duration limit = at_once.codec().ReadTimeout();
    same = same && in_pieces.codec().ReadTimeout() == limit &&
           in_bytes.codec().ReadTimeout() == limit;
    for (CodecPeer* const peer : {&at_once, &in_pieces, &in_bytes}) {
      peer->ExpireReadTimeout();
      ExpectBounded(*peer, input.size());
    }
  }
  if (same) {
    ExpectSame(at_once, in_pieces, cuts_);
    ExpectSame(at_once, in_bytes, cuts_);
  }
}

}  // namespace passpersist_testing
