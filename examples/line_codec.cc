// SPDX-License-Identifier: Apache-2.0

#include "examples/line_codec.h"

#include <algorithm>
#include <cstdint>
#include <variant>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/monitoring/statistics.h"
#include "passpersist/value.h"

using passpersist::CodecHost;
using passpersist::ErrorStatus;
using passpersist::Get;
using passpersist::GetNext;
using passpersist::Integer32;
using passpersist::Notification;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Opaque;
using passpersist::Request;
using passpersist::Response;
using passpersist::SearchRange;
using passpersist::Set;
using passpersist::Statistics;
using passpersist::Value;
using passpersist::VarBind;

namespace {

// Reads "OID i NUMBER" or "OID s TEXT".
bool ParseBinding(absl::string_view text, VarBind* binding) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(' ', 2));
  if (parts.size() != 3 || !binding->oid.Assign(parts[0]).ok()) return false;
  if (parts[1] == "s") {
    binding->value = OctetString{std::string(parts[2])};
    return true;
  }
  int32_t number;
  if (parts[1] != "i" || !absl::SimpleAtoi(parts[2], &number)) return false;
  binding->value = Integer32{number};
  return true;
}

// Fills *request; false if `line` is not a request for the handler.
bool ParseRequest(absl::string_view line, Request* request) {
  if (absl::ConsumePrefix(&line, "get ")) {
    Get& get = request->Reset<Get>();
    get.oids.resize(1);
    return get.oids[0].Assign(line).ok();
  }
  if (absl::ConsumePrefix(&line, "next ")) {
    GetNext& get_next = request->Reset<GetNext>();
    get_next.ranges.resize(1);
    SearchRange& range = get_next.ranges[0];
    range.inclusive = false;
    range.end.clear();
    return range.start.Assign(line).ok();
  }
  if (absl::ConsumePrefix(&line, "set ")) {
    Set& set = request->Reset<Set>();
    set.bindings.resize(1);
    return ParseBinding(line, &set.bindings[0]);
  }
  return false;
}

// `Binding` is a VarBind or a ResponseVarBind.
template <typename Binding>
void AppendBinding(const Binding& binding, std::string* out) {
  binding.oid.AppendTo(out);
  absl::StrAppend(out, " ", ToString(binding.value));
}

size_t CountOctets(const Value& value) {
  if (const auto* string = std::get_if<OctetString>(&value)) {
    return string->bytes.size();
  }
  if (const auto* opaque = std::get_if<Opaque>(&value)) {
    return opaque->bytes.size();
  }
  return 0;
}

}  // namespace

void LineCodec::Open(const CodecHost& host, std::string* out) {
  host_ = host;
  out->append("serving");
  for (const Oid& root : host_.regions.roots) {
    absl::StrAppend(out, " ", root.ToString());
  }
  out->append("\n");
}

absl::StatusOr<LineCodec::Decoded> LineCodec::Decode(absl::string_view* in,
                                                     Request* request,
                                                     std::string* out) {
  while (true) {
    const size_t end = in->find('\n');
    if (std::min(end, in->size()) > kMaxLine) {
      return absl::ResourceExhaustedError(
          absl::StrCat("a line has more than ", kMaxLine, " bytes"));
    }
    if (end == absl::string_view::npos) return Decoded::kIncomplete;
    const absl::string_view line = in->substr(0, end);
    in->remove_prefix(end + 1);
    if (ParseRequest(line, request)) return Decoded::kRequest;
    AnswerLine(line, out);
  }
}

void LineCodec::AnswerLine(absl::string_view line, std::string* out) const {
  if (line != "instances" || host_.monitor == nullptr) {
    out->append("error not a request\n");
    return;
  }
  size_t instances = 0;
  for (const Statistics::Subtree& subtree :
       host_.monitor->GetStatistics().subtrees) {
    instances += subtree.instances;
  }
  absl::StrAppend(out, "instances ", instances, "\n");
}

absl::Status LineCodec::CheckBinding(const Oid& oid, const Value& value) const {
  const size_t octets = CountOctets(value);
  if (octets <= kMaxOctets) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat(oid.ToString(), " has ", octets,
                                            " octets, of which ", kMaxOctets,
                                            " can be sent"));
}

absl::Status LineCodec::CheckRoot(const Oid&) const { return absl::OkStatus(); }

void LineCodec::Encode(const Request& request, const Response& response,
                       std::string* out) {
  if (response.error != ErrorStatus::kNoError) {
    absl::StrAppend(out, "error ", ErrorStatusName(response.error));
  } else if (std::holds_alternative<Set>(request.operation)) {
    out->append("ok");
  } else {
    AppendBinding(response.bindings[0], out);
  }
  out->append("\n");
}

absl::Status LineCodec::EncodeNotification(const Notification& notification,
                                           std::string* out) {
  for (const VarBind& binding : notification.bindings) {
    absl::Status status = CheckBinding(binding.oid, binding.value);
    if (!status.ok()) return status;
  }
  absl::StrAppend(out, "trap ", notification.trap.ToString());
  for (const VarBind& binding : notification.bindings) {
    out->append(", ");
    AppendBinding(binding, out);
  }
  out->append("\n");
  return absl::OkStatus();
}

void LineCodec::Close(std::string* out) { out->append("bye\n"); }
