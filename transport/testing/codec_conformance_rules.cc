// SPDX-License-Identifier: Apache-2.0

#include "transport/testing/codec_conformance_rules.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/value.h"

namespace passpersist_testing {

using passpersist::Codec;
using passpersist::Counter32;
using passpersist::Counter64;
using passpersist::Gauge32;
using passpersist::Integer32;
using passpersist::IpAddress;
using passpersist::ObjectIdentifier;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Opaque;
using passpersist::TimeTicks;
using passpersist::Value;

namespace {

using DecodedRequest = CodecPeer::DecodedRequest;

size_t CountLines(absl::string_view text) {
  return std::count(text.begin(), text.end(), '\n');
}

void RemoveSets(std::vector<DecodedRequest>* requests) {
  const auto is_set = [](const DecodedRequest& request) {
    return absl::StrContains(request.text, ": Set ");
  };
  requests->erase(std::remove_if(requests->begin(), requests->end(), is_set),
                  requests->end());
}

}  // namespace

Oid ConformanceRoot() { return {1, 3, 6, 1, 4, 1, 8072, 9999, 9999}; }

ModelAgent ConformanceAgent(const Codec& codec) {
  const Value values[] = {
      Integer32{-5},
      Counter32{0xffffffff},
      Counter64{0xffffffffffffffff},
      Gauge32{7},
      TimeTicks{100},
      IpAddress{{10, 1, 2, 3}},
      ObjectIdentifier{{1, 3, 6, 1}},
      OctetString{""},
      OctetString{"eth0"},
      OctetString{std::string("\0\r\n\"\xff", 5)},
      OctetString{std::string(1000, 'x')},
      Opaque::FromFloat(1.5f),
  };
  ModelAgent agent;
  uint32_t arc = 0;
  for (const Value& value : values) {
    Oid oid = ConformanceRoot();
    oid.Append(++arc);
    oid.Append(0);
    if (!codec.CheckBinding(oid, value).ok()) continue;
    agent.values[oid] = value;
    if (arc % 2 == 0) agent.labels[oid] = absl::StrCat("label ", arc);
  }
  return agent;
}

void ExpectSame(const CodecPeer& a, const CodecPeer& b, Cuts cuts) {
  EXPECT_EQ(a.status(), b.status());
  std::vector<DecodedRequest> of_a = a.requests();
  std::vector<DecodedRequest> of_b = b.requests();
  if (cuts == Cuts::kChangeSets) {
    EXPECT_EQ(CountLines(a.output()), CountLines(b.output()));
    RemoveSets(&of_a);
    RemoveSets(&of_b);
  } else {
    EXPECT_EQ(a.output(), b.output());
  }
  ASSERT_EQ(of_a.size(), of_b.size());
  for (size_t i = 0; i < of_a.size(); ++i) {
    EXPECT_EQ(of_a[i].text, of_b[i].text);
    EXPECT_EQ(of_a[i].end, of_b[i].end)
        << "the end of the request " << of_a[i].text;
  }
}

void ExpectBounded(const CodecPeer& peer, size_t sent) {
  constexpr size_t kMaxAnswer = 64 << 10;
  constexpr size_t kMaxRefusal = 64;
  EXPECT_LE(peer.output().size(),
            kMaxAnswer * (peer.requests().size() + 1) + kMaxRefusal * sent);
  EXPECT_LE(peer.pending_input().size(), sent);
}

}  // namespace passpersist_testing
