// SPDX-License-Identifier: Apache-2.0
//
// Shows an update of Contents: a file has the values of several scalars, so one
// update reads them together. AddScalar() would read the file for each request.

#include "examples/host_agent/sockets.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "examples/host_agent/kernel_files.h"

using namespace passpersist;  // NOLINT: an example

namespace host_agent {
namespace {

struct Scalar {
  absl::string_view name;  // the first word of the line, the name of the number
  uint32_t id;
};

constexpr Scalar kScalars[] = {
    {"sockets used", 1},  {"TCP inuse", 2},    {"TCP orphan", 3},
    {"TCP tw", 4},        {"TCP alloc", 5},    {"TCP mem", 6},
    {"UDP inuse", 7},     {"UDP mem", 8},      {"RAW inuse", 9},
    {"FRAG inuse", 10},   {"FRAG memory", 11}, {"TCP6 inuse", 12},
    {"UDP6 inuse", 13},   {"RAW6 inuse", 14},  {"FRAG6 inuse", 15},
    {"FRAG6 memory", 16},
};
constexpr uint32_t kConnectionCount = 17;
constexpr uint32_t kConnectionMax = 18;

void Put(absl::string_view name, int64_t number, Contents& contents) {
  for (const Scalar& scalar : kScalars) {
    if (scalar.name != name) continue;
    contents.Put({scalar.id, 0}, Gauge32::FromNumberSaturated(number), name);
  }
}

// Reads "TCP: inuse 1 orphan 0 tw 2 alloc 7 mem 100". Kernels print different
// numbers, so each number is found by its name.
bool PutLine(absl::string_view line, Contents& contents) {
  const std::vector<absl::string_view> words = absl::StrSplit(line, ' ');
  absl::string_view protocol = words[0];
  if (!absl::ConsumeSuffix(&protocol, ":") || words.size() % 2 == 0) {
    return false;
  }
  for (size_t i = 1; i < words.size(); i += 2) {
    int64_t number;
    if (!absl::SimpleAtoi(words[i + 1], &number)) return false;
    Put(absl::StrCat(protocol, " ", words[i]), number, contents);
  }
  return true;
}

absl::Status PutSockets(const std::string& file, Contents& contents) {
  const absl::StatusOr<std::string> text = ReadKernelFile(file);
  if (!text.ok()) return text.status();
  for (absl::string_view line :
       absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
    if (!PutLine(line, contents)) return UnexpectedText(file, line);
  }
  return absl::OkStatus();
}

absl::Status PutNumber(const std::string& file, uint32_t id,
                       absl::string_view label, Contents& contents) {
  const absl::StatusOr<int64_t> number = ReadKernelNumber(file);
  if (!number.ok()) return number.status();
  contents.Put({id, 0}, Gauge32::FromNumberSaturated(*number), label);
  return absl::OkStatus();
}

absl::Status OkIfNotFound(const absl::Status& status) {
  return absl::IsNotFound(status) ? absl::OkStatus() : status;
}

absl::Status Update(const std::string& proc, Contents& contents) {
  const std::string netfilter = proc + "/sys/net/netfilter/";
  absl::Status status = PutSockets(proc + "/net/sockstat", contents);
  status.Update(OkIfNotFound(PutSockets(proc + "/net/sockstat6", contents)));
  status.Update(
      OkIfNotFound(PutNumber(netfilter + "nf_conntrack_count", kConnectionCount,
                             "nf_conntrack_count", contents)));
  status.Update(
      OkIfNotFound(PutNumber(netfilter + "nf_conntrack_max", kConnectionMax,
                             "nf_conntrack_max", contents)));
  return status;
}

}  // namespace

void AddSockets(AgentBuilder& builder, const std::string& proc) {
  builder.AddSubtree(
      Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.10.1.4"), absl::Seconds(5),
      [proc](Contents& contents) { return Update(proc, contents); });
}

}  // namespace host_agent
