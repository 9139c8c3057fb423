// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_responses.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "transport/debug/debug_values.h"

namespace passpersist {
namespace {

ErrorStatus ReadError(debug::ErrorStatus error) {
  return debug::ErrorStatus_IsValid(error) ? static_cast<ErrorStatus>(error)
                                           : ErrorStatus::kGenErr;
}

absl::Status ReadInstanceInfo(const debug::DumpEntry& proto,
                              InstanceInfo* info) {
  info->label = proto.label();
  info->computed = proto.computed();
  info->age.reset();
  if (proto.has_age()) info->age = FromProto(proto.age());
  return FromProto(proto.root(), &info->root);
}

}  // namespace

void ToProto(const Response& response, debug::Response* proto) {
  proto->set_error(static_cast<debug::ErrorStatus>(response.error));
  proto->set_error_index(response.error_index);
  for (size_t i = 0; i < response.bindings.size(); ++i) {
    if (i < response.instance_info.size()) {
      ToProto(response.bindings[i], response.instance_info[i],
              proto->add_entries());
    } else {
      ToProto(response.bindings[i], proto->add_bindings());
    }
  }
}

void ToProto(const ResponseVarBind& binding, const InstanceInfo& info,
             debug::DumpEntry* proto) {
  ToProto(binding, proto->mutable_binding());
  proto->set_label(ToUtf8(info.label));
  proto->set_root(ToProto(info.root));
  proto->set_computed(info.computed);
  if (info.age) ToProto(*info.age, proto->mutable_age());
}

absl::Status FromProto(const debug::Response& proto, Response* response) {
  response->error = ReadError(proto.error());
  response->error_index = static_cast<uint16_t>(std::min<uint32_t>(
      proto.error_index(), std::numeric_limits<uint16_t>::max()));
  response->bindings.clear();
  response->instance_info.clear();
  for (const debug::DumpEntry& entry : proto.entries()) {
    absl::Status status =
        FromProto(entry.binding(), &response->bindings.emplace_back());
    if (status.ok()) {
      status = ReadInstanceInfo(entry, &response->instance_info.emplace_back());
    }
    if (!status.ok()) return status;
  }
  for (const debug::VarBind& binding : proto.bindings()) {
    absl::Status status =
        FromProto(binding, &response->bindings.emplace_back());
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace passpersist
