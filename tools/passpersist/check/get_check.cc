// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "tools/passpersist/check/checks.h"
#include "tools/passpersist/check/sample.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist::tool {
namespace {

constexpr size_t kMaxGets = 500;

// Returns the type as snmpd understands it, since a type has several names;
// variant_npos if snmpd has no value.
size_t TypeOf(const PassPersistReply& reply) {
  const absl::StatusOr<ValueOrException> read =
      ReadPassPersistValue(reply.type, reply.value);
  const Value* const value = read.ok() ? std::get_if<Value>(&*read) : nullptr;
  return value != nullptr ? value->index() : std::variant_npos;
}

// Returns what is wrong with the answer to a get; empty if it is right.
std::string Difference(const Instance& instance,
                       const PassPersistReply& answer) {
  const std::string name = instance.oid.ToString();
  if (answer.absent()) {
    return absl::StrCat("get ", name,
                        " returns NONE, but getnext returns that name");
  }
  if (ReadPassPersistName(answer.name) != instance.oid) {
    return absl::StrCat("get ", name, " returns the name ", answer.name);
  }
  if (TypeOf(answer) != TypeOf(instance.reply)) {
    return absl::StrCat("get ", name, " returns the type ",
                        ShownLine(answer.type), ", but getnext ",
                        ShownLine(instance.reply.type));
  }
  return "";
}

// Returns true if getnext still returns the instance: rows may have been
// removed since the walk.
bool IsStillThere(const Examination& examination, size_t i,
                  Conversation& conversation) {
  const Oid& before = i == 0 ? examination.names().base
                             : examination.names().instances[i - 1].oid;
  const absl::StatusOr<PassPersistReply> reply =
      conversation.client().GetNext(before.ToString());
  return reply.ok() && !reply->absent() &&
         ReadPassPersistName(reply->name) ==
             examination.names().instances[i].oid &&
         TypeOf(*reply) == TypeOf(examination.names().instances[i].reply);
}

}  // namespace

void CheckGets(Examination& examination) {
  if (!examination.in_sync() || examination.names().instances.empty()) return;
  examination.RunProgram([&](Conversation& conversation) {
    for (const size_t i :
         Sample(examination.names().instances.size(), kMaxGets)) {
      if (conversation.IsOlderThan(examination.options().round_limit)) return;
      const Instance& instance = examination.names().instances[i];
      const absl::StatusOr<PassPersistReply> answer =
          conversation.client().Get(instance.oid.ToString());
      if (!answer.ok()) {
        return examination.ReportBroken(answer.status(), conversation);
      }
      const std::string difference = Difference(instance, *answer);
      if (difference.empty()) continue;
      const std::string evidence = conversation.trace().Text();
      if (!IsStillThere(examination, i, conversation)) continue;
      examination.Report(
          {Finding::Severity::kError, "get", difference, evidence,
           "walks and gets differ: snmpd returns noSuchInstance for NONE, "
           "refuses each set of that name, and passes another name on "
           "unchanged (helpers/old_api.c, netsnmp_old_api_helper())"});
    }
  });
}

}  // namespace passpersist::tool
