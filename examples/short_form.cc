// SPDX-License-Identifier: Apache-2.0
//
// The shortest possible agent, in the short form: it suits small agents that
// refresh a few values on a timer. See README.md.

#include "absl/time/time.h"
#include "simple/simple_agent.h"

namespace {

void Update(passpersist::SimpleContents& contents) {
  contents.AddInt("0.1", 123, "This is a label");
  contents.AddString("0.2", "A string");
  contents.AddHex("0.3", "01 00 1f 0b 00 0b");
}

}  // namespace

int main(int argc, char** argv) {
  passpersist::SimpleAgent agent(argc, argv, ".1.3.6.1.3.53.8",
                                 absl::Seconds(30), Update);
  return agent.Run();
}
