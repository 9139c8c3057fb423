// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/fake_codec.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "passpersist/testing/response_text.h"
#include "passpersist/value.h"

namespace passpersist_testing {

using passpersist::CodecHost;
using passpersist::Get;
using passpersist::GetNext;
using passpersist::Integer32;
using passpersist::Notification;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Request;
using passpersist::Response;
using passpersist::SearchRange;
using passpersist::Set;
using passpersist::Value;

void FakeCodec::Open(const CodecHost& host, std::string* out) {
  out->append("hello");
  for (const Oid& root : host.regions.roots) {
    absl::StrAppend(out, " ", root.ToString());
  }
  for (const Oid& root : host.regions.writable) {
    absl::StrAppend(out, " writable:", root.ToString());
  }
  out->append("\n");
}

absl::StatusOr<FakeCodec::Decoded> FakeCodec::Decode(absl::string_view* in,
                                                     Request* request,
                                                     std::string* out) {
  while (true) {
    const size_t end = in->find('\n');
    in_line_ = end == absl::string_view::npos && !in->empty();
    if (end == absl::string_view::npos) return Decoded::kIncomplete;
    const absl::string_view line = in->substr(0, end);
    in->remove_prefix(end + 1);
    if (line == "note") return Decoded::kConsumed;
    const absl::StatusOr<bool> is_request = DecodeLine(line, request, out);
    if (!is_request.ok()) return is_request.status();
    if (*is_request) return Decoded::kRequest;
  }
}

absl::Duration FakeCodec::ReadTimeout() const {
  return in_line_ ? kSilence : absl::InfiniteDuration();
}

absl::StatusOr<FakeCodec::Decoded> FakeCodec::OnReadTimeout(
    absl::string_view* in, Request* request, std::string* out) {
  const absl::string_view line = *in;
  in->remove_prefix(in->size());
  in_line_ = false;
  const absl::StatusOr<bool> is_request = DecodeLine(line, request, out);
  if (!is_request.ok()) return is_request.status();
  return *is_request ? Decoded::kRequest : Decoded::kIncomplete;
}

absl::StatusOr<bool> FakeCodec::DecodeLine(absl::string_view line,
                                           Request* request, std::string* out) {
  absl::string_view rest = line;
  if (rest == "ping") {
    out->append("pong\n");
    return false;
  }
  if (absl::ConsumePrefix(&rest, "get ")) {
    Get& get = request->Reset<Get>();
    get.oids.resize(1);
    if (get.oids[0].Assign(rest).ok()) return true;
  } else if (absl::ConsumePrefix(&rest, "next ")) {
    GetNext& get_next = request->Reset<GetNext>();
    get_next.ranges.assign(1, SearchRange());
    if (get_next.ranges[0].start.Assign(rest).ok()) return true;
  } else if (absl::ConsumePrefix(&rest, "set ")) {
    Set& set = request->Reset<Set>();
    set.bindings.resize(1);
    const size_t blank = rest.find(' ');
    int32_t number = 0;
    if (blank != absl::string_view::npos &&
        set.bindings[0].oid.Assign(rest.substr(0, blank)).ok() &&
        absl::SimpleAtoi(rest.substr(blank), &number)) {
      set.bindings[0].value = Integer32{number};
      return true;
    }
  }
  return absl::InvalidArgumentError(absl::StrCat("no request: ", line));
}

absl::Status FakeCodec::CheckBinding(const Oid& oid, const Value& value) const {
  const auto* const string = std::get_if<OctetString>(&value);
  if (string == nullptr || string->bytes.size() <= kMaxStringBytes) {
    return absl::OkStatus();
  }
  return absl::OutOfRangeError(
      absl::StrCat(oid.ToString(), " has ", string->bytes.size(), " bytes"));
}

absl::Status FakeCodec::CheckRoot(const Oid& root) const {
  if (root.size() <= kMaxRootArcs) return absl::OkStatus();
  return absl::OutOfRangeError(absl::StrCat(root.size(), " arcs"));
}

void FakeCodec::Encode(const Request&, const Response& response,
                       std::string* out) {
  AppendText(response, out);
  out->append("\n");
}

absl::Status FakeCodec::EncodeNotification(const Notification& notification,
                                           std::string* out) {
  absl::StrAppend(out, "trap ", notification.trap.ToString(), "\n");
  if (notification.bindings.empty()) return absl::OkStatus();
  return absl::UnimplementedError("a trap has no bindings here");
}

void FakeCodec::Close(std::string* out) { out->append("bye\n"); }

}  // namespace passpersist_testing
