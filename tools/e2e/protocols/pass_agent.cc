// SPDX-License-Identifier: Apache-2.0
//
// Serves two subtrees for a line of snmpd.conf with `pass` or `pass_persist`:
// pass_agent FOLDER. A number and a text are stored in files of the folder.
// Another number is kept in the process. Its updates print.

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/setter.h"
#include "simple/snmp_agent.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

namespace {

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

// A set to this number ends the process.
constexpr int kFatalNumber = 13;

std::atomic<int> kept_in_memory = 3;

SetterOptions Durable() {
  SetterOptions options;
  options.durable = true;
  options.allow_create = true;
  return options;
}

ErrorStatus Write(const std::string& file, const std::string& bytes) {
  std::ofstream stream(file);
  stream << bytes << std::flush;
  return stream ? ErrorStatus::kNoError : ErrorStatus::kResourceUnavailable;
}

void AddStored(AgentBuilder& builder, const std::string& folder) {
  const std::string number_file = folder + "/number";
  const std::string text_file = folder + "/text";
  builder
      .AddSubtree(Playpen({1}), absl::Hours(1),
                  [=](Contents& contents) {
                    std::cout << "printed" << std::endl;
                    std::cerr << "printed" << std::endl;
                    int number = 1;  // until the first set
                    std::ifstream(number_file) >> number;
                    contents.Put({1, 0}, Integer32{number});
                    std::ifstream text(text_file);
                    if (text.is_open()) {
                      contents.Put(
                          {2, 0},
                          OctetString{std::string(
                              std::istreambuf_iterator<char>(text), {})});
                    }
                    contents.Put({3, 0}, Integer32{kept_in_memory.load()});
                    return absl::OkStatus();
                  })
      .AddSetter(Playpen({1, 1, 0}),
                 MakeSetter(
                     [=](const Oid&, const Value& value) {
                       if (value == Value(Integer32{kFatalNumber}))
                         std::quick_exit(1);
                       return Write(
                           number_file,
                           std::to_string(std::get<Integer32>(value).value));
                     },
                     Durable()))
      .AddSetter(Playpen({1, 2, 0}),
                 MakeSetter(
                     [=](const Oid&, const Value& value) {
                       const auto* const text =
                           std::get_if<OctetString>(&value);
                       return text == nullptr ? ErrorStatus::kWrongType
                                              : Write(text_file, text->bytes);
                     },
                     Durable()))
      .AddSetter(Playpen({1, 3, 0}),
                 MakeSetter([](const Oid&, const Value& value) {
                   kept_in_memory = std::get<Integer32>(value).value;
                   return ErrorStatus::kNoError;
                 }));
}

}  // namespace

int main(int argc, char** argv) {
  SnmpAgent agent(argc, argv);
  if (argc != 2) return 2;
  AddStored(agent, argv[1]);
  agent.AddSubtree(Playpen({2}), absl::Hours(1), [](Contents& contents) {
    contents.Put({1, 0}, OctetString{"two"});
    return absl::OkStatus();
  });
  return agent.Run();
}
