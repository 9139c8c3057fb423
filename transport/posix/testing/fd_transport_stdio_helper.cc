// SPDX-License-Identifier: Apache-2.0
//
// A program such as snmpd starts, for fd_transport_stdio_test: takes standard
// input and output, then prints on all ways that user code might. The first
// argument says what it does, the second one is the file for stray output.

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

void MakeNoise() {
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

// Replies to everything that comes, as an agent would, amid noise.
int ProcessInput(Transport* transport) {
  std::string buffer;
  while (true) {
    MakeNoise();
    buffer.clear();
    const auto count = transport->Read(&buffer, absl::InfiniteDuration());
    if (!count.ok()) return 2;
    if (*count == 0) return 0;
    if (!transport->Write("got " + buffer).ok()) return 2;
  }
}

// Whether standard input is empty, for this process and for its children.
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
    MakeNoise();
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
