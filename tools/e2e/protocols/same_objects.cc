// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/protocols/same_objects.h"

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/setter.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace passpersist_testing {
namespace {

using namespace passpersist;  // NOLINT: a test program

// A value that was set lasts until the next update.
constexpr absl::Duration kNever = absl::Hours(10'000);

absl::Status PutTypes(Contents& contents) {
  contents.Put({1, 0}, Integer32{-5});
  contents.Put({2, 0}, Gauge32{4294967295});
  contents.Put({3, 0}, TimeTicks{12345});
  contents.Put({4, 0}, IpAddress{{10, 1, 2, 3}});
  contents.Put({5, 0}, ObjectIdentifier{{1, 3, 6, 1, 4, 1, 8072}});
  contents.Put({6, 0}, OctetString{"text"});
  contents.Put({7, 0}, OctetString{std::string("\x00\xff\n", 3)});
  contents.Put({8, 0}, OctetString{});
  contents.Put({9, 0}, Counter32{4294967295});
  contents.Put({10, 0}, Counter64{18446744073709551615u});
  contents.Put({11, 0}, Opaque::FromFloat(1.5f));
  contents.Put({12, 0}, Opaque::FromDouble(-20));
  contents.Put({13, 0}, Opaque::FromInteger64(-5));
  contents.Put({14, 0}, Opaque::FromUnsigned64(18446744073709551615u));
  contents.PutComputed({15, 0}, [] { return OctetString{"lazy"}; });
  return absl::OkStatus();
}

absl::Status PutSettable(Contents& contents) {
  contents.Put({1, 0}, Integer32{1});
  contents.Put({4, 0}, Integer32{4});
  return absl::OkStatus();
}

ErrorStatus Grant(const Oid&, const Value&) { return ErrorStatus::kNoError; }

ErrorStatus RefuseByRow(const Oid& suffix, const Value&) {
  return static_cast<ErrorStatus>(suffix.back());
}

}  // namespace

void AddSameObjects(AgentBuilder& builder) {
  builder.AddSubtree(Playpen({1}), kNever, PutTypes)
      .AddSubtree(Playpen({3}), kNever, PutSettable)
      .AddSetter(Playpen({3, 1}), MakeSetter(Grant))
      .AddSetter(Playpen({3, 2}), MakeSetter(Grant, {/*allow_create=*/true}))
      .AddSetter(Playpen({3, 3}),
                 MakeSetter(RefuseByRow, {/*allow_create=*/true}));
}

}  // namespace passpersist_testing
