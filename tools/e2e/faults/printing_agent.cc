// SPDX-License-Identifier: Apache-2.0
//
// Prints in several ways, in gets, sets and updates:
//
//   printing_agent FILE
//
// Serves rows 1 to 20, which print when they are read; row 100, which can be
// set; and row 200, what a child process finds on standard input. The printed
// text goes to FILE.

#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/setter.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

void WriteTo(int descriptor, const std::string& text) {
  (void)!write(descriptor, text.data(), text.size());
}

// Some of the text looks like an answer to snmpd.
void Print(const std::string& who) {
  std::printf("%s: printf\nNONE\n", who.c_str());
  std::fflush(stdout);
  std::cout << who << ": cout\nPONG" << std::endl;
  std::cerr << who << ": cerr\n";
  WriteTo(STDOUT_FILENO, absl::StrCat(who, ": write to 1\n"));
  WriteTo(STDERR_FILENO, absl::StrCat(who, ": write to 2\n"));
}

void PrintByChild(const std::string& who) {
  const std::string command =
      absl::StrCat("echo '", who, ": echo'; echo '", who, ": echo >&2' >&2");
  (void)!std::system(command.c_str());
}

std::string StandardInputOfChild() {
  std::FILE* const child = popen("cat", "r");
  std::string text;
  for (int c; (c = std::fgetc(child)) != EOF;) {
    text.push_back(static_cast<char>(c));
  }
  pclose(child);
  return absl::StrCat("[", text, "]");
}

absl::Status UpdateRows(Contents& contents) {
  for (uint32_t row = 1; row <= 20; ++row) {
    contents.PutComputed({row}, [row] {
      Print("row");
      if (row % 5 == 0) PrintByChild("row");
      return Gauge32{row};
    });
  }
  contents.Put({100}, Integer32{0});
  contents.PutComputed({200},
                       [] { return OctetString{StandardInputOfChild()}; });
  return absl::OkStatus();
}

absl::Status UpdatePrinting(Contents&) {
  Print("update");
  PrintByChild("update");
  return absl::OkStatus();
}

ErrorStatus SetAndPrint(const Oid&, const Value&) {
  Print("setter");
  PrintByChild("setter");
  return ErrorStatus::kNoError;
}

}  // namespace

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent(argv[1]);
  Print("main");
  builder.AddSubtree(Playpen({1}), absl::Hours(1), UpdateRows)
      .AddSubtree(Playpen({2}), absl::Milliseconds(1), UpdatePrinting)
      .AddSetter(Playpen({1, 100}), MakeSetter(SetAndPrint));
  AgentMain(builder.Build());
}
