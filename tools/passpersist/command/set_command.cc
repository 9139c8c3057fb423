// SPDX-License-Identifier: Apache-2.0
//
// set.

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "tools/passpersist/client/response_error.h"
#include "tools/passpersist/command/run_commands.h"
#include "tools/passpersist/text/value_parser.h"
#include "tools/passpersist/text/value_text.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {

absl::Status SetCommand(Context& context, const Arguments& oid_type_value) {
  const absl::StatusOr<Oid> oid = Oid::Parse(oid_type_value[0]);
  if (!oid.ok()) return oid.status();
  const absl::StatusOr<Value> value =
      ParseValue(oid_type_value[1], oid_type_value[2]);
  if (!value.ok()) return value.status();
  debug::Request request;
  ToProto(VarBind{*oid, *value}, request.mutable_set()->add_bindings());
  absl::StatusOr<debug::Response> response = context.Ask(request);
  if (!response.ok()) return response.status();
  response->clear_id();
  const bool granted = response->error() == debug::NO_ERROR;
  absl::StatusOr<debug::Response> now = debug::Response();
  if (granted && context.options().format == Format::kText) {
    // The agent may have made another value of it, and it may be a secret.
    debug::Request get;
    get.mutable_get()->add_oids(oid->ToString());
    now = context.Ask(get);
    if (!now.ok()) return now.status();
  }
  const absl::Status status = context.Print(*response, [&] {
    std::string text;
    for (const debug::VarBind& binding : now->bindings()) {
      absl::StrAppend(&text, BindingText(binding), "\n");
    }
    return text;
  });
  if (!status.ok() || granted) return status;
  return ErrorFromResponse(*response, {oid->ToString()});
}

}  // namespace passpersist::tool
