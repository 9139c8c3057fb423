// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_request.h"

#include <atomic>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "passpersist/pdu.h"
#include "transport/pass_persist/pass_persist_value.h"

namespace passpersist {
namespace {

// Net-SNMP 5.4 to 5.7.3 cut the command at 1,023 bytes (ucd-snmp/pass.c, STRMAX
// of struct.h). Later releases cut
// each argument at 1,023 bytes (utilities/execute.c, tokenize_exec_command()).
// None of them says that it has cut, so a command of this size counts as cut: a
// quote and a newline may be missing in it.
constexpr size_t kCutCommand = 1022;

// Parses an argument, which begins with a dot if it is an OID.
bool ParseOid(absl::string_view argument, Oid* oid) {
  return absl::StartsWith(argument, ".") && oid->Assign(argument).ok();
}

bool MayBeCut(int argc, char* const* argv) {
  size_t size = 0;
  for (int i = 0; i < argc; ++i) {
    size += absl::string_view(argv[i]).size() + 1;  // a blank after it
  }
  return size > kCutCommand;
}

std::string AnswerLine(ErrorStatus error) {
  return absl::StrCat(PassPersistSetReply(error), "\n");
}

// Strings and OIDs are quoted in pass_persist (ucd-snmp/pass_common.c,
// netsnmp_internal_pass_set_format()).
bool IsQuoted(absl::string_view type) {
  return absl::EqualsIgnoreCase(type, "string") ||
         absl::EqualsIgnoreCase(type, "octet") ||
         absl::EqualsIgnoreCase(type, "objectid");
}

// Delivers one message and collects the reply.
class PassTransport : public Transport {
 public:
  PassTransport(std::string message, std::string* reply)
      : message_(std::move(message)), reply_(*reply) {}

  absl::StatusOr<size_t> Read(std::string* buffer, absl::Duration) override {
    if (shut_down_) return absl::CancelledError("the transport was shut down");
    buffer->append(message_);
    return std::exchange(message_, "").size();
  }

  absl::Status Write(absl::string_view bytes) override {
    absl::StrAppend(&reply_, bytes);
    return absl::OkStatus();
  }

  void Shutdown() override { shut_down_ = true; }

 private:
  std::string message_;  // not yet read
  std::string& reply_;
  std::atomic<bool> shut_down_ = false;
};

}  // namespace

std::optional<PassRequest> PassRequest::Take(int* argc, char** argv) {
  const auto remove_from = [&](int first) {
    *argc = first;
    argv[first] = nullptr;
  };
  const int end = *argc;
  const bool is_cut = MayBeCut(end, argv);
  Oid name;
  for (int i = 1; i + 1 < end; ++i) {
    if (absl::string_view(argv[i]) != "-s" || !ParseOid(argv[i + 1], &name))
      continue;
    const absl::string_view oid = argv[i + 1];
    const absl::string_view type = i + 2 < end ? argv[i + 2] : "";
    const absl::string_view value = i + 3 < end ? argv[i + 3] : "";
    const bool is_split = i + 4 < end;
    remove_from(i);
    const auto refuse = [&](ErrorStatus error) {
      return PassRequest(name, false, "", AnswerLine(error));
    };
    if (is_cut) return refuse(ErrorStatus::kWrongLength);
    // snmpd removes the quotes around a value, and splits a value at a quote in
    // it (read_config.c, copy_nword_const()). A quote that is left was escaped
    // by a backslash, which is lost.
    if (is_split || value.find_first_of("\"\n") != absl::string_view::npos) {
      return refuse(ErrorStatus::kWrongEncoding);
    }
    const absl::string_view quote = IsQuoted(type) ? "\"" : "";
    return PassRequest(
        name, false,
        absl::StrCat("set\n", oid, "\n", type, " ", quote, value, quote, "\n"),
        AnswerLine(ErrorStatus::kGenErr));
  }

  if (end < 3 || !ParseOid(argv[end - 1], &name)) return std::nullopt;
  const absl::string_view option = argv[end - 2];
  if (option != "-g" && option != "-n") return std::nullopt;
  const bool is_next = option == "-n";
  const std::string message =
      absl::StrCat(is_next ? "getnext" : "get", "\n", argv[end - 1], "\n");
  remove_from(end - 2);
  return PassRequest(name, is_next, is_cut ? "" : message, "");
}

std::unique_ptr<Transport> PassRequest::Connect(std::string* reply) const {
  return std::make_unique<PassTransport>(message_, reply);
}

std::string PassRequest::AnswerFor(absl::string_view reply) const {
  if (reply.empty()) return answer_;
  // A third line of another type is not empty, or follows another second line.
  const bool is_absent =
      absl::StartsWith(reply, "NONE") ||
      absl::EndsWith(reply,
                     absl::StrCat("\n", kPassPersistUnknownType, "\n\n"));
  return is_absent ? "" : std::string(reply);
}

}  // namespace passpersist
