// SPDX-License-Identifier: Apache-2.0
//
// The C++ program of docs/coming_from_python.md, which shows the same program
// in Python, too.

#include <atomic>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "simple/simple_agent.h"

namespace {

using namespace passpersist;  // NOLINT: an example

std::atomic<int> limit = 5;

void Update(SimpleContents& contents) {
  contents.AddInt("0.1", 7, "jobs that wait");
  contents.AddString("0.2", "idle");
  contents.AddHex("0.3", "52 54 00 12 34 56");
  contents.AddInt("0.4", limit.load());
}

SetReply OnSet(absl::string_view /*oid*/, absl::string_view /*type*/,
               absl::string_view value) {
  int number = 0;
  if (!absl::SimpleAtoi(value, &number) || number <= 0) return "wrong-value";
  limit = number;
  return true;
}

}  // namespace

int main() {
  SimpleAgent agent(".1.3.6.1.3.53.8", absl::Seconds(30), Update);
  agent.AddSetter(".1.3.6.1.3.53.8.0.4", OnSet);
  agent.Run();
}
