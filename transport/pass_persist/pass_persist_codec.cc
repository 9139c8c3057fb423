// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_codec.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>

#include "absl/base/attributes.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "transport/pass_persist/pass_persist_value.h"

namespace passpersist {
namespace {

// Far more than snmpd sends (about 4,200 bytes). A longer line is read to its
// end and then replaced by kOverlongLine, which is not a command, name or value
// and, unlike a blank line, is answered.
constexpr size_t kMaxLine = 64 << 10;
constexpr absl::string_view kOverlongLine = "?";

// Before the first byte of a value, the peer may also be a program that writes
// line by line. A limit longer than such a program pauses delays no answer.
constexpr absl::Duration kEmptyValueLimit = absl::Seconds(1);

// The same for a set that arrived in parts, from a peer that may still be
// snmpd: snmpd sends no value if its buffer happens to be empty.
constexpr absl::Duration kTypedValueLimit = absl::Seconds(10);

// Net-SNMP 5.4 to 5.7.3 cut messages at this length (STRMAX - 1).
constexpr size_t kCutMessage = 1023;

constexpr size_t kMaxRootArcs = 30;
constexpr uint32_t kDumpPage = 256;

constexpr absl::string_view kPingWord = "PING";
constexpr absl::string_view kPongLine = "PONG\n";
constexpr int kAnswersBeforeEarlyPong = 3;

bool IsPing(absl::string_view line) {
  return absl::EqualsIgnoreCase(line, kPingWord);
}

bool IsCommand(absl::string_view line) {
  for (const absl::string_view command : {"get", "getnext", "set", "DUMP"}) {
    if (absl::EqualsIgnoreCase(line, command)) return true;
  }
  return false;
}

// Returns true if more than line ends and a PING follows a value. An incomplete
// PING counts as a PING.
bool HasGarbage(absl::string_view after_value) {
  const size_t begin = after_value.find_first_not_of("\r\n");
  if (begin == absl::string_view::npos) return false;
  after_value.remove_prefix(begin);
  const size_t end = after_value.find('\n');
  if (end == absl::string_view::npos) {
    return !absl::StartsWithIgnoreCase(kPingWord,
                                       absl::StripSuffix(after_value, "\r"));
  }
  return !IsPing(absl::StripAsciiWhitespace(after_value.substr(0, end)));
}

// Drops an incomplete line, except an end that may be the beginning of a PING.
void DropIncompleteLine(absl::string_view* in) {
  size_t kept = std::min(in->size(), kPingWord.size() - 1);
  while (
      !absl::StartsWithIgnoreCase(kPingWord, in->substr(in->size() - kept))) {
    --kept;
  }
  in->remove_prefix(in->size() - kept);
}

// Make `request` a get or getnext of one name, and return the name.
Oid& ResetToGet(Request* request) {
  auto& oids = request->Reset<Get>().oids;
  if (oids.size() != 1) oids.resize(1);
  return oids[0];
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline Oid& ResetToGetNext(Request* request) {
  auto& ranges = request->Reset<GetNext>().ranges;
  if (ranges.size() != 1) ranges.resize(1);
  ranges[0].inclusive = false;
  ranges[0].end.clear();
  return ranges[0].start;
}

// True for a name that snmpd can read; a longer one would overrun an array of
// snmpd, and one of LastName. Encode() requires such a name.
bool CanPrint(const Oid& oid) { return oid.size() <= Oid::kMaxArcs; }

// Appends a line, and the PONG after it.
void AppendLine(absl::string_view line, bool early_pong, std::string* out) {
  absl::StrAppend(out, line, "\n", early_pong ? kPongLine : "");
}

}  // namespace

PassPersistCodec::PassPersistCodec() : PassPersistCodec(Options()) {}

PassPersistCodec::PassPersistCodec(const Options& options)
    : options_(options) {}

void PassPersistCodec::Open(const CodecHost& host, std::string*) {
  regions_ = host.regions;
  is_observed_ = host.is_observed;
}

absl::StatusOr<Codec::Decoded> PassPersistCodec::Decode(absl::string_view* in,
                                                        Request* request,
                                                        std::string* out) {
  begins_read_ = pending_ == 0;
  pending_ = 0;
  set_at_once_ = false;
  if (dump_) return RequestPage(dump_last_, request);
  if (in->empty() && !skipping_) return Decoded::kIncomplete;
  const Decoded decoded = DecodeUsual(in, request, out);
  if (decoded != Decoded::kIncomplete) return decoded;
  return DecodeLines(in, request, out);
}

// Decodes the messages that snmpd mostly sends, in the bytes that it sends: a
// PING, or a get or getnext whose name is whole. Returns kIncomplete for any
// other message, and any other spelling, and leaves it in *in for the lines one
// by one.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline Codec::Decoded
PassPersistCodec::DecodeUsual(absl::string_view* in, Request* request,
                              std::string* out) {
  if (expected_ != Expected::kCommand || skipping_) return Decoded::kIncomplete;
  if (absl::ConsumePrefix(in, "PING\n")) {
    HandlePing(out);
    if (in->empty() || IsObserved()) return Decoded::kConsumed;
  }
  constexpr absl::string_view kGetCommand = "get\n";
  constexpr absl::string_view kGetNextCommand = "getnext\n";
  const bool next = absl::StartsWith(*in, kGetNextCommand);
  if (!next && !absl::StartsWith(*in, kGetCommand)) {
    return Decoded::kIncomplete;
  }
  const size_t begin = next ? kGetNextCommand.size() : kGetCommand.size();
  const size_t size = last_name_.ParseLine(in->substr(begin));
  if (size == 0) return Decoded::kIncomplete;
  in->remove_prefix(begin + size);
  BeginRequest();
  Oid& name = next ? ResetToGetNext(request) : ResetToGet(request);
  name = last_name_.oid();
  return Decoded::kRequest;
}

// Decodes any message, line by line.
Codec::Decoded PassPersistCodec::DecodeLines(absl::string_view* in,
                                             Request* request,
                                             std::string* out) {
  bool saw_set = false;
  absl::string_view line;
  while (!in->empty() && ConsumeLine(in, &line)) {
    const Decoded decoded = HandleNext(line, *in, request, out);
    if (decoded != Decoded::kIncomplete) return decoded;
    begins_read_ = false;
    saw_set = saw_set || expected_ == Expected::kSetName;
    set_at_once_ = saw_set && expected_ == Expected::kSetValue;
  }
  pending_ = skipping_ ? kMaxLine : in->size();
  return Decoded::kIncomplete;
}

absl::Duration PassPersistCodec::ReadTimeout() const {
  const absl::Duration forever = absl::InfiniteDuration();
  switch (expected_) {
    case Expected::kSetValue:
      if (pending_ == 0 && set_at_once_) return kEmptyValueLimit;
      if (pending_ == 0) return always_pinged_ ? kTypedValueLimit : forever;
      return newline_omitted_ ? absl::ZeroDuration() : options_.read_timeout;
    case Expected::kGetName:
    case Expected::kGetNextName:
      return MayBeCutName() ? options_.read_timeout : forever;
    case Expected::kGarbageOrPing:
      return options_.read_timeout;
    case Expected::kPing:
      return pending_ > 0 ? options_.read_timeout : forever;
    default:
      return forever;
  }
}

absl::StatusOr<Codec::Decoded> PassPersistCodec::OnReadTimeout(
    absl::string_view* in, Request* request, std::string* out) {
  if (ReadTimeout() == absl::InfiniteDuration()) return Decoded::kIncomplete;
  if (expected_ == Expected::kSetValue) {
    return EndValueByTimeout(in, request, out);
  }
  pending_ = 0;
  if (IsDropping()) {
    DropIncompleteLine(in);
    expected_ = Expected::kPingOrCommand;
  } else {
    *in = absl::string_view();
    out->append("NONE\n");
    expected_ = Expected::kCommand;
  }
  return Decoded::kIncomplete;
}

Codec::Decoded PassPersistCodec::EndValueByTimeout(absl::string_view* in,
                                                   Request* request,
                                                   std::string* out) {
  newline_omitted_ = newline_omitted_ || pending_ > 0;
  pending_ = 0;
  set_at_once_ = false;
  const absl::string_view line = std::exchange(*in, absl::string_view());
  const Decoded decoded =
      HandleNext(std::exchange(skipping_, false) ? kOverlongLine : line,
                 /*rest=*/"", request, out);
  if (IsDropping()) expected_ = Expected::kPingOrCommand;
  return decoded;
}

// True for a name that fills the longest message of 5.4 to 5.7.3.
bool PassPersistCodec::MayBeCutName() const {
  const absl::string_view command =
      expected_ == Expected::kGetName ? "get\n" : "getnext\n";
  return always_pinged_ && pending_ == kCutMessage - command.size();
}

// Consumes a line and its end. Returns false if its end has not arrived.
bool PassPersistCodec::ConsumeLine(absl::string_view* in,
                                   absl::string_view* line) {
  const size_t end = in->find('\n');
  if (end == absl::string_view::npos) {
    if (!skipping_ && in->size() <= kMaxLine) return false;
    // While dropping, the last bytes may be a PING and must be kept.
    skipping_ = !IsDropping();
    in->remove_prefix(in->size() - (skipping_ ? 0 : kPingWord.size()));
    return false;
  }
  const bool overlong = skipping_ || (end > kMaxLine && !IsDropping());
  *line = overlong ? kOverlongLine : in->substr(0, end);
  skipping_ = false;
  in->remove_prefix(end + 1);
  return true;
}

Codec::Decoded PassPersistCodec::HandleNext(absl::string_view line,
                                            absl::string_view rest,
                                            Request* request,
                                            std::string* out) {
  line = absl::StripAsciiWhitespace(line);
  Oid* name = nullptr;
  switch (expected_) {
    case Expected::kCommand:
      return HandleCommand(line, request, out);
    case Expected::kSetValue:
      return HandleSetValue(line, rest, request, out);
    case Expected::kGarbageOrPing:
    case Expected::kPing:
    case Expected::kPingOrCommand:
      return HandleGarbage(line, request, out);
    case Expected::kSetName:
      set_name_valid_ = set_name_.Assign(line).ok();
      expected_ = Expected::kSetValue;
      return Decoded::kIncomplete;
    case Expected::kGetName:
      name = &ResetToGet(request);
      break;
    case Expected::kGetNextName:
      name = &ResetToGetNext(request);
      break;
  }
  expected_ = Expected::kCommand;
  if (name->Assign(line).ok()) return Decoded::kRequest;
  out->append("NONE\n");
  return Decoded::kIncomplete;
}

Codec::Decoded PassPersistCodec::HandleCommand(absl::string_view line,
                                               Request* request,
                                               std::string* out) {
  if (line.empty()) return Decoded::kIncomplete;
  if (IsPing(line)) return HandlePing(out);
  BeginRequest();
  if (absl::EqualsIgnoreCase(line, "get")) {
    expected_ = Expected::kGetName;
  } else if (absl::EqualsIgnoreCase(line, "getnext")) {
    expected_ = Expected::kGetNextName;
  } else if (absl::EqualsIgnoreCase(line, "set")) {
    expected_ = Expected::kSetName;
  } else if (absl::EqualsIgnoreCase(line, "DUMP")) {
    dump_.emplace(regions_.roots.size() == 1 ? regions_.roots[0] : Oid());
    return RequestPage(Oid(), request);
  } else {
    out->append("NONE\n");
  }
  return Decoded::kIncomplete;
}

Codec::Decoded PassPersistCodec::HandlePing(std::string* out) {
  // Two PINGs in a row are not what snmpd sends.
  if (pinged_) answers_after_ping_ = 0;
  pinged_ = true;
  if (!std::exchange(pong_ahead_, false)) {
    out->append(kPongLine.data(), kPongLine.size());
  }
  return Decoded::kConsumed;
}

// Called for each command other than PING.
void PassPersistCodec::BeginRequest() {
  if (std::exchange(pinged_, false)) return;
  always_pinged_ = false;
  pong_ahead_ = false;
}

bool PassPersistCodec::BeginsEarlyPong() {
  if (!options_.early_pong || !always_pinged_) return false;
  if (answers_after_ping_ < kAnswersBeforeEarlyPong) {
    ++answers_after_ping_;
    return false;
  }
  pong_ahead_ = true;
  return true;
}

// A line after a set.
Codec::Decoded PassPersistCodec::HandleGarbage(absl::string_view line,
                                               Request* request,
                                               std::string* out) {
  const bool pinged = absl::EndsWithIgnoreCase(line, kPingWord);
  const bool may_be_command =
      expected_ == Expected::kPingOrCommand ||
      (expected_ == Expected::kGarbageOrPing && begins_read_);
  if (pinged || (may_be_command && IsCommand(line))) {
    expected_ = Expected::kCommand;
    return HandleCommand(pinged ? kPingWord : line, request, out);
  }
  if (expected_ == Expected::kGarbageOrPing) expected_ = Expected::kPing;
  return Decoded::kIncomplete;
}

Codec::Decoded PassPersistCodec::HandleSetValue(absl::string_view line,
                                                absl::string_view rest,
                                                Request* request,
                                                std::string* out) {
  expected_ = always_pinged_ ? Expected::kGarbageOrPing : Expected::kCommand;
  auto& bindings = request->Reset<Set>().bindings;
  bindings.resize(1);
  ErrorStatus error = ParsePassPersistSet(line, &bindings[0].value);
  if (!set_name_valid_) error = ErrorStatus::kNotWritable;
  if (always_pinged_ && HasGarbage(rest)) {
    expected_ = Expected::kPing;
    error = ErrorStatus::kWrongType;
  }
  if (error == ErrorStatus::kNoError) {
    bindings[0].oid = set_name_;
    return Decoded::kRequest;
  }
  absl::StrAppend(out, PassPersistSetReply(error), "\n");
  return Decoded::kIncomplete;
}

// Requests the next page of a dump, without consuming input.
Codec::Decoded PassPersistCodec::RequestPage(const Oid& start,
                                             Request* request) {
  Dump& dump = request->Reset<Dump>();
  dump.range = {start, /*inclusive=*/false, Oid()};
  dump.limit = kDumpPage;
  return Decoded::kPage;
}

absl::Status PassPersistCodec::CheckBinding(const Oid& oid,
                                            const Value& value) const {
  absl::Status status = CheckPassPersistOid(oid);
  if (status.ok()) status = CheckPassPersistValue(value);
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat("value of ", oid.ToString(),
                                   " left out: ", status.message()));
}

absl::Status PassPersistCodec::CheckRoot(const Oid& root) const {
  if (root.size() > kMaxRootArcs) {
    return absl::OutOfRangeError(
        absl::StrCat(root.size(),
                     " arcs are too many for snmpd.conf: snmpd "
                     "serves no root of more than ",
                     kMaxRootArcs));
  }
  return CheckPassPersistOid(root);
}

void PassPersistCodec::Encode(const Request& request, const Response& response,
                              std::string* out) {
  if (const auto* const dump = std::get_if<Dump>(&request.operation)) {
    EncodeDumpPage(*dump, response, out);
    return;
  }
  const bool early_pong = BeginsEarlyPong();
  if (std::holds_alternative<Set>(request.operation)) {
    AppendLine(PassPersistSetReply(response.error), early_pong, out);
  } else if (response.error != ErrorStatus::kNoError ||
             response.bindings.size() != 1) {
    AppendLine("NONE", early_pong, out);
  } else if (!EncodeNumber(response.bindings[0], early_pong, out)) {
    EncodeBinding(request, response.bindings[0], early_pong, out);
  }
}

absl::Status PassPersistCodec::EncodeNotification(const Notification&,
                                                  std::string*) {
  return absl::UnimplementedError("pass_persist has no notifications");
}

void PassPersistCodec::Close(std::string*) {}

bool PassPersistCodec::IsWritable(const Oid& oid) const {
  return std::any_of(regions_.writable.begin(), regions_.writable.end(),
                     [&](const Oid& root) { return oid.StartsWith(root); });
}

// In an answer to a getnext, an unknown type would end the walk (net-snmp 5.9.3
// agent/mibgroup/ucd-snmp/pass_persist.c, var_extensible_pass_persist()).
bool PassPersistCodec::IsCreatable(const Request& request,
                                   const ResponseVarBind& binding) const {
  return std::holds_alternative<Get>(request.operation) &&
         binding.value == ValueOrException(Exception::kNoSuchInstance) &&
         IsWritable(binding.oid) && CheckPassPersistOid(binding.oid).ok();
}

// The usual case. The whole answer is after the name: one append. Returns false
// for an answer that is not a number.
inline bool PassPersistCodec::EncodeNumber(const ResponseVarBind& binding,
                                           bool early_pong, std::string* out) {
  const Value* const value = std::get_if<Value>(&binding.value);
  if (value == nullptr || !CanPrint(binding.oid)) return false;
  last_name_.Print(binding.oid);
  char* end = WritePassPersistNumber(*value, last_name_.end());
  if (end == nullptr) return false;
  static_assert(LastName::kRoom >= kMaxPassPersistNumber + kPongLine.size(),
                "the lines after a name need more room");
  if (early_pong) end = std::copy(kPongLine.begin(), kPongLine.end(), end);
  const char* const begin = last_name_.text().data();
  out->append(begin, static_cast<size_t>(end - begin));
  return true;
}

void PassPersistCodec::EncodeBinding(const Request& request,
                                     const ResponseVarBind& binding,
                                     bool early_pong, std::string* out) {
  const Value* const value = std::get_if<Value>(&binding.value);
  if ((value == nullptr && !IsCreatable(request, binding)) ||
      !CanPrint(binding.oid)) {
    AppendLine("NONE", early_pong, out);
    return;
  }
  last_name_.Print(binding.oid);
  absl::StrAppend(
      out, last_name_.text(), "\n",
      value == nullptr ? kPassPersistUnknownType : PassPersistType(*value),
      "\n");
  if (value != nullptr) AppendPassPersistText(*value, out);
  AppendLine("", early_pong, out);
}

void PassPersistCodec::EncodeDumpPage(const Dump& dump,
                                      const Response& response,
                                      std::string* out) {
  const bool last = response.bindings.size() < dump.limit;
  dump_->AppendPage(response.bindings, response.instance_info, last, out);
  if (last) {
    dump_.reset();
  } else {
    dump_last_ = response.bindings.back().oid;
  }
}

}  // namespace passpersist
