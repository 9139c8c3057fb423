// SPDX-License-Identifier: Apache-2.0
//
// The program of the README of snmp_passpersist, the Python library, in the
// short form. At a terminal it answers as the README shows: type PING, DUMP, or
// get, getnext and set with their arguments on the following lines.

#include <atomic>
#include <iostream>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "simple/simple_agent.h"

namespace {

using namespace passpersist;  // NOLINT: an example

// Set by one thread and served by another.
std::atomic<int> settable = 0;

void Update(SimpleContents& contents) {
  contents.AddInt("0.1", 123, "This is a label for this integer");
  contents.AddString("0.2", "A string");
  contents.AddHex("0.3", "01 00 1f 0b 00 0b");  // a MAC address
  contents.AddInt("0.4", settable.load());
}

// Prints to standard error. A terminal shows the line. Under snmpd, which would
// read the line as an answer, the agent keeps it from reaching snmpd.
SetReply MySetter(absl::string_view oid, absl::string_view type,
                  absl::string_view value) {
  std::cerr << "Received " << type << " with value " << value << " for oid "
            << oid << ".\n";
  int number = 0;
  if (!absl::SimpleAtoi(value, &number)) return "wrong-value";
  settable = number;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  SimpleAgent agent(argc, argv, ".1.3.6.1.3.53.8", absl::Seconds(30), Update);
  agent.AddSetter(".1.3.6.1.3.53.8.0.4", MySetter);
  return agent.Run();
}
