// SPDX-License-Identifier: Apache-2.0
//
// Serves a value of every type; snmpset can change all except one:
//
//   types_agent JOURNAL
//
// A set is written to JOURNAL before it is acknowledged, so that kill -9 loses
// nothing.

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/setter.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

// An update is always running, and has read the journal earlier. It must not
// undo a set.
constexpr absl::Duration kPeriod = absl::Milliseconds(1);
constexpr absl::Duration kUpdateTime = absl::Milliseconds(20);

constexpr uint32_t kReadOnly = 16;
constexpr uint32_t kCreatable = 17;  // a set creates the row
constexpr uint32_t kRefusing = 18;   // row N refuses with error N

using Objects = std::map<Oid, Value>;

Objects InitialObjects() {
  return {
      {{1, 0}, Integer32{-5}},
      {{2, 0}, Gauge32{5}},
      {{3, 0}, TimeTicks{100}},
      {{4, 0}, IpAddress{{10, 1, 2, 3}}},
      {{5, 0}, ObjectIdentifier{{1, 3, 6, 1, 4, 1, 8072}}},
      {{6, 0}, OctetString{"text"}},
      {{7, 0}, OctetString{std::string("\x00\xff\n", 3)}},
      {{8, 0}, OctetString::FromBits({0, 7})},
      {{9, 0}, OctetString{}},
      {{10, 0}, Counter32{4294967295}},
      {{11, 0}, Counter64{18446744073709551615u}},
      {{12, 0}, Opaque::FromFloat(1.5f)},
      {{13, 0}, Opaque::FromDouble(-2.5)},
      {{14, 0}, Opaque::FromInteger64(-5)},
      {{15, 0}, Opaque::FromUnsigned64(18446744073709551615u)},
      {{kReadOnly, 0}, Integer32{1}},
  };
}

// Writes a letter for the type, and the value without blanks.
struct Writer {
  std::string operator()(Integer32 v) { return absl::StrCat("i ", v.value); }
  std::string operator()(Gauge32 v) { return absl::StrCat("u ", v.value); }
  std::string operator()(TimeTicks v) { return absl::StrCat("t ", v.value); }
  std::string operator()(Counter32 v) { return absl::StrCat("c ", v.value); }
  std::string operator()(const ObjectIdentifier& v) {
    return absl::StrCat("o ", v.value.ToString());
  }
  std::string operator()(const IpAddress& v) {
    const std::string bytes(v.octets.begin(), v.octets.end());
    return absl::StrCat("a ", absl::BytesToHexString(bytes));
  }
  std::string operator()(const OctetString& v) {
    return absl::StrCat("x ", absl::BytesToHexString(v.bytes));
  }
  template <typename Unsettable>
  std::string operator()(const Unsettable&) {
    std::abort();
  }
};

Value ReadValue(char type, const std::string& text) {
  switch (type) {
    case 'i':
      return Integer32{std::stoi(text)};
    case 'u':
      return *Gauge32::FromNumber(std::stoul(text));
    case 't':
      return *TimeTicks::FromNumber(std::stoul(text));
    case 'c':
      return *Counter32::FromNumber(std::stoul(text));
    case 'o':
      return ObjectIdentifier{*Oid::Parse(text)};
    case 'a':
      return *IpAddress::FromBytes(OctetString::FromHex(text)->bytes);
    default:
      return *OctetString::FromHex(text);
  }
}

// Whenever the process is killed, one write(2) is either complete or absent.
ErrorStatus Record(const std::string& journal, const Oid& suffix,
                   const Value& value) {
  const std::string line =
      absl::StrCat(suffix.ToString(), " ", std::visit(Writer(), value), "\n");
  const int file = open(journal.c_str(), O_WRONLY | O_APPEND | O_CREAT, 0600);
  const ssize_t count = write(file, line.data(), line.size());
  close(file);
  return count == static_cast<ssize_t>(line.size())
             ? ErrorStatus::kNoError
             : ErrorStatus::kResourceUnavailable;
}

absl::Status Update(const std::string& journal, Contents& contents) {
  Objects objects = InitialObjects();
  std::ifstream file(journal);
  for (std::string line; std::getline(file, line);) {
    if (file.eof()) break;  // the setter is writing this line
    const size_t type = line.find(' ') + 1;
    const Oid suffix = *Oid::Parse(line.substr(0, type - 1));
    objects[suffix] = ReadValue(line[type], line.substr(type + 2));
  }
  absl::SleepFor(kUpdateTime);
  for (auto& [suffix, value] : objects) contents.Put(suffix, std::move(value));
  return absl::OkStatus();
}

}  // namespace

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  const std::string journal = argv[1];
  builder.AddSubtree(Playpen(), kPeriod, [=](Contents& contents) {
    return Update(journal, contents);
  });
  for (uint32_t column = 1; column <= kCreatable; ++column) {
    if (column == kReadOnly) continue;
    builder.AddSetter(Playpen({column}),
                      MakeSetter(
                          [=](const Oid& suffix, const Value& value) {
                            return Record(journal, Concat({column}, suffix),
                                          value);
                          },
                          {/*allow_create=*/true}));
  }
  builder.AddSetter(Playpen({kRefusing}),
                    MakeSetter(
                        [](const Oid& suffix, const Value&) {
                          return static_cast<ErrorStatus>(suffix.back());
                        },
                        {/*allow_create=*/true}));
  AgentMain(builder.Build());
}
