// SPDX-License-Identifier: Apache-2.0
//
// Serves values at the limits of pass_persist and beyond, in columns:
// 1 strings, 2 numbers, 3 object identifiers, 4 names of many arcs, 5 so many
// long strings that they don't fit into one UDP packet.

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "tools/e2e/reads/limit_strings.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::LimitString;
using passpersist_testing::LimitStrings;
using passpersist_testing::Playpen;

constexpr uint32_t kMax = std::numeric_limits<uint32_t>::max();

Oid OfArcs(Oid beginning, size_t size) {
  while (beginning.size() < size) beginning.Append(kMax);
  return beginning;
}

std::vector<Oid> ObjectIdentifiers() {
  return {{0, 0},
          {1},
          {1, 39},
          {1, 40},
          {2, kMax - 80},
          {3, 1, 1},
          Oid(),
          OfArcs({1, 3}, 129),
          OfArcs({1, 3}, 128)};
}

void PutColumn(uint32_t column, std::vector<Value> values, Contents* contents) {
  uint32_t row = 0;
  for (Value& value : values) contents->Put({column, ++row}, std::move(value));
}

absl::Status Update(Contents& contents) {
  std::vector<Value> strings;
  for (const LimitString& string : LimitStrings()) {
    strings.push_back(OctetString{string.bytes});
  }
  PutColumn(1, std::move(strings), &contents);
  PutColumn(2,
            {Integer32{std::numeric_limits<int32_t>::min()}, Integer32{-1},
             Integer32{0}, Integer32{std::numeric_limits<int32_t>::max()},
             Gauge32{0}, Gauge32{2147483648}, Gauge32{kMax}, Counter32{0},
             Counter32{kMax}, TimeTicks{0}, TimeTicks{kMax}, Counter64{0},
             Counter64{std::numeric_limits<uint64_t>::max()},
             IpAddress{{0, 0, 0, 0}}, IpAddress{{255, 255, 255, 255}}},
            &contents);
  std::vector<Value> object_identifiers;
  for (const Oid& oid : ObjectIdentifiers()) {
    object_identifiers.push_back(ObjectIdentifier{oid});
  }
  PutColumn(3, std::move(object_identifiers), &contents);
  for (const size_t arcs : {127, 128, 129, 200}) {
    const Oid name = OfArcs(Playpen({4, static_cast<uint32_t>(arcs)}), arcs);
    contents.Put(Oid(name.ArcsFrom(Playpen().size())), Integer32{1});
  }
  contents.Put({4, kMax}, Integer32{2});
  PutColumn(5, std::vector<Value>(50, OctetString{std::string(4000, 'x')}),
            &contents);
  return absl::OkStatus();
}

}  // namespace

int main() {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  builder.AddSubtree(Playpen(), absl::Hours(1), Update);
  AgentMain(builder.Build());
}
