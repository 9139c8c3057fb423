// SPDX-License-Identifier: Apache-2.0
//
// Serves two scalars, a greeting and the time since the start of the program,
// for a `pass_persist` or `pass` line of snmpd.conf.

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/contents.h"
#include "simple/snmp_agent.h"

namespace {

using namespace passpersist;  // NOLINT: an example

constexpr char kRoot[] = ".1.3.6.1.4.1.8072.9999.9999.1";

const absl::Time kStart = absl::Now();

absl::Status Update(Contents& contents) {
  contents.Put({1, 0}, OctetString{"hello, world"}, "greeting");
  contents.Put({2, 0}, TimeTicks::FromDuration(absl::Now() - kStart), "uptime");
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  SnmpAgent agent(argc, argv);
  agent.AddSubtree(Oid::Parse(kRoot), absl::Seconds(1), Update);
  return agent.Run();
}
