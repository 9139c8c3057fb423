// SPDX-License-Identifier: Apache-2.0
//
// play_snmpd PROGRAM [ARGUMENT]... < REQUESTS
//
// Starts a program and sends it requests, as snmpd does: PING, and after PONG
// one request, each in one write. A request is a line, "get OID" or "getnext
// OID". Each value must be an INTEGER that is the last arc of its name. Ends
// with 1 and a text at any other answer.

#include <unistd.h>

#include <cstddef>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/process/subprocess.h"

namespace {

using passpersist::tool::Subprocess;

class Conversation {
 public:
  explicit Conversation(Subprocess* program)
      : input_(program->input_pipe().get()),
        output_(program->output_pipe().get()) {}

  // Sends a message and returns its answer of so many lines, or less at the end
  // of the output. A PONG that comes before its PING stays unread.
  std::string Ask(absl::string_view message, int lines) {
    if (write(input_, message.data(), message.size()) < 0) return "";
    size_t end = 0;
    for (; lines > 0; --lines) {
      size_t newline;
      while ((newline = unread_.find('\n', end)) == std::string::npos) {
        char bytes[256];
        const ssize_t count = read(output_, bytes, sizeof bytes);
        if (count <= 0) return std::exchange(unread_, "");
        unread_.append(bytes, static_cast<size_t>(count));
      }
      end = newline + 1;
    }
    std::string answer = unread_.substr(0, end);
    unread_.erase(0, end);
    return answer;
  }

 private:
  const int input_;
  const int output_;
  std::string unread_;
};

bool IsAnswer(const std::string& answer) {
  const std::vector<absl::string_view> lines = absl::StrSplit(answer, '\n');
  return lines.size() >= 3 && lines[1] == "INTEGER" &&
         lines[0].substr(lines[0].rfind('.') + 1) == lines[2];
}

int Fail(absl::string_view answer, absl::string_view message) {
  std::cerr << "answer \"" << answer << "\" to \"" << message << "\"\n";
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  Subprocess::Options options;
  options.command.assign(argv + 1, argv + argc);
  options.input = Subprocess::Stream::kPipe;
  options.output = Subprocess::Stream::kPipe;
  options.error = Subprocess::Stream::kInherit;
  if (options.command.empty()) return Fail("", "no program");
  auto program = Subprocess::Start(options);
  if (!program.ok()) return Fail(program.status().message(), argv[1]);

  Conversation conversation(program->get());
  std::string line;
  while (std::getline(std::cin, line)) {
    std::string answer = conversation.Ask("PING\n", 1);
    if (answer != "PONG\n") return Fail(answer, "PING");
    const std::string request =
        absl::StrCat(absl::StrReplaceAll(line, {{" ", "\n"}}), "\n");
    answer = conversation.Ask(request, 3);
    if (!IsAnswer(answer)) return Fail(answer, request);
  }
  { auto end_of_input = std::move((*program)->input_pipe()); }
  return (*program)->Wait(absl::Minutes(1)).value_or(1);
}
