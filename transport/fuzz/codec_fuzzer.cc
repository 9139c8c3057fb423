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

// What is said between two silences, cut into pieces.
using Speech = std::vector<absl::string_view>;

std::vector<Speech> Parse(absl::string_view input) {
  constexpr uint8_t kMaxSizes = 8;
  constexpr uint8_t kSilence = 0x80;
  absl::string_view sizes;
  if (!input.empty() && static_cast<uint8_t>(input.back()) <= kMaxSizes) {
    size_t count = static_cast<uint8_t>(input.back());
    input.remove_suffix(1);
    count = std::min(count, input.size());
    sizes = input.substr(input.size() - count);
    input.remove_suffix(count);
  }
  std::vector<Speech> speeches(1);
  for (const char byte : sizes) {
    const auto size = static_cast<uint8_t>(byte);
    speeches.back().push_back(input.substr(0, size & ~kSilence));
    input.remove_prefix(speeches.back().back().size());
    if ((size & kSilence) != 0) speeches.emplace_back();
  }
  speeches.back().push_back(input);
  return speeches;
}

// The pieces lie one behind the other.
absl::string_view Joined(const Speech& speech) {
  const absl::string_view first = speech.front();
  const absl::string_view last = speech.back();
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
  // What was in the request before must not matter.
  in_pieces.SpoilRequests(static_cast<int>(input.size()) %
                          CodecPeer::kSpoiltRequests);
  // Whether a set is refused, and whether what follows it is a command, may
  // then depend on the pieces.
  bool same = cuts_ == Cuts::kChangeNothing ||
              !absl::StrContains(absl::AsciiStrToLower(input), "set");
  for (const Speech& speech : Parse(input)) {
    at_once.Say(Joined(speech));
    for (const absl::string_view piece : speech) in_pieces.Say(piece);
    for (const char& byte : Joined(speech)) {
      in_bytes.Say(absl::string_view(&byte, 1));
    }
    if (same) {
      ExpectSame(at_once, in_pieces, cuts_);
      ExpectSame(at_once, in_bytes, cuts_);
    }
    // How long it waits may depend on what came together, and then so does
    // what it makes of the silence.
    const absl::Duration limit = at_once.codec().ReadTimeout();
    same = same && in_pieces.codec().ReadTimeout() == limit &&
           in_bytes.codec().ReadTimeout() == limit;
    for (CodecPeer* const peer : {&at_once, &in_pieces, &in_bytes}) {
      peer->StaySilent();
      ExpectBounded(*peer, input.size());
    }
  }
  if (same) {
    ExpectSame(at_once, in_pieces, cuts_);
    ExpectSame(at_once, in_bytes, cuts_);
  }
}

}  // namespace passpersist_testing
