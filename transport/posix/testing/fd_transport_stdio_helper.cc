// SPDX-License-Identifier: Apache-2.0
//
// A program as snmpd starts it, for fd_transport_stdio_test. It takes standard
// input and output, then prints in all ways that user code might use. The first
// argument selects its task, the second argument is the file for stray output.

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/transport.h"
#include "transport/posix/fd_transport.h"

namespace {

using passpersist::FdTransport;
using passpersist::Transport;

void PrintDirectly(int fd, absl::string_view text) {
  if (write(fd, text.data(), text.size()) < 0) std::exit(3);
}

void PrintInAllWays() {
  std::printf("by printf\n");
  std::fflush(stdout);
  std::puts("by puts, unflushed");
  std::cout << "by cout" << std::endl;
  std::cerr << "by cerr" << std::endl;
  std::fprintf(stderr, "by fprintf to stderr\n");
  PrintDirectly(STDOUT_FILENO, "by write to 1\n");
  PrintDirectly(STDERR_FILENO, "by write to 2\n");
  if (std::system("echo by a shell; echo by a shell to 2 >&2") != 0) {
    std::exit(3);
  }
  const pid_t child = fork();
  if (child == 0) {
    PrintDirectly(STDOUT_FILENO, "by a child\n");
    _exit(0);
  }
  waitpid(child, nullptr, 0);
}

// Replies to all input, as an agent would, and prints before each read.
int ProcessInput(Transport* transport) {
  std::string buffer;
  while (true) {
    PrintInAllWays();
    buffer.clear();
    const auto count = transport->Read(&buffer, absl::InfiniteDuration());
    if (!count.ok()) return 2;
    if (*count == 0) return 0;
    if (!transport->Write("got " + buffer).ok()) return 2;
  }
}

// Returns true if standard input is empty, for this process and its children.
bool InputIsEmpty() {
  return std::getchar() == EOF &&
         std::system("read -r line; test -z \"$line\"") == 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 4;
  const absl::string_view task = argv[1];
  std::printf("left in the buffer");
  const std::unique_ptr<Transport> transport = FdTransport::Stdio(argv[2]);
  if (task == "converse") return ProcessInput(transport.get());
  if (task == "terminate") {
    PrintInAllWays();
    if (!transport->Write("last words\n").ok()) return 2;
    std::terminate();
  }
  if (task == "list-descriptors") return std::system("ls -l /proc/self/fd");
  if (task == "read-standard-input") {
    if (!InputIsEmpty()) return 1;
    return ProcessInput(transport.get());
  }
  if (task == "expect-broken") {
    std::string buffer;
    const auto read = transport->Read(&buffer, absl::InfiniteDuration());
    const auto written = transport->Write("PONG\n");
    return !read.ok() && read.status() == written &&
                   absl::StartsWith(written.message(), "taking standard")
               ? 0
               : 1;
  }
  return 4;
}
