// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/reads/limit_strings.h"

#include <cstddef>

namespace passpersist_testing {
namespace {

// A string with bytes of all values, so it can't be sent as text.
std::string Binary(size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(i));
  return bytes;
}

}  // namespace

std::vector<LimitString> LimitStrings() {
  return {
      {"plain text", "text"},
      {"empty", ""},
      {"longest text", std::string(4094, 'a')},
      {"text too long by one", std::string(4095, 'b'), false},
      {"text too long by two", std::string(4096, 'c'), false},
      {"much too long text", std::string(100'000, 'd'), false},
      {"longest binary", Binary(1365)},
      {"binary too long by one", Binary(1366), false},
      {"binary as long as text may be", Binary(4094), false},
      {"long text with a last CR", std::string(1366, 'e') + "\r", false},
      {"newline within", "two\nlines"},
      {"last newline", "a line\n"},
      {"nothing but a newline", "\n"},
      {"NUL within", std::string("a\0b", 3)},
      {"first NUL", std::string("\0ab", 3)},
      {"nothing but a NUL", std::string("\0", 1)},
      {"last CR", "a line\r"},
      {"nothing but a CR", "\r"},
      {"CR LF", "a line\r\n"},
      {"CR within", "a\rb"},
      {"tabs", "\ta\tb\t"},
      {"blanks around", "  text  "},
      {"quotes", "\"say \"hi\"\""},
      {"a quote", "\""},
      {"backslashes", "\\n\\\\"},
      {"UTF-8", "gr\xc3\xbc\xc3\x9f Gott"},
      {"bytes over 0x7f", "\x80\xff"},
      {"hex digits", "de ad be ef"},
      {"words of the protocol", "NONE"},
      {"its handshake", "PONG"},
      {"a name", ".1.3.6.1"},
      {"the last one", "end"},
  };
}

}  // namespace passpersist_testing
