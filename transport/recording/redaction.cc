// SPDX-License-Identifier: Apache-2.0

#include "transport/recording/redaction.h"

namespace passpersist {
namespace {

void ClearValue(debug::VarBind* binding) {
  switch (binding->value_case()) {
    case debug::VarBind::kInteger:
      return binding->set_integer(0);
    case debug::VarBind::kCounter32:
      return binding->set_counter32(0);
    case debug::VarBind::kCounter64:
      return binding->set_counter64(0);
    case debug::VarBind::kGauge32:
      return binding->set_gauge32(0);
    case debug::VarBind::kTimeTicks:
      return binding->set_time_ticks(0);
    case debug::VarBind::kIpAddress:
      return binding->set_ip_address("");
    case debug::VarBind::kObjectIdentifier:
      return binding->set_object_identifier("");
    case debug::VarBind::kOctetString:
      return binding->set_octet_string("");
    case debug::VarBind::kOpaque:
      return binding->set_opaque("");
    case debug::VarBind::kException:
    case debug::VarBind::VALUE_NOT_SET:
      return;
  }
}

template <typename Message>
void ClearValues(Message* message) {
  for (debug::VarBind& binding : *message->mutable_bindings()) {
    ClearValue(&binding);
  }
}

}  // namespace

void RedactValues(debug::Event* event) {
  if (!event->has_request_event()) return;
  debug::RequestEvent& request_event = *event->mutable_request_event();
  request_event.clear_received();
  request_event.clear_sent();
  if (request_event.has_request()) {
    debug::Request& request = *request_event.mutable_request();
    if (request.has_set()) ClearValues(request.mutable_set());
    if (request.has_test_set()) ClearValues(request.mutable_test_set());
  }
  if (request_event.has_response()) {
    debug::Response& response = *request_event.mutable_response();
    ClearValues(&response);
    for (debug::DumpEntry& entry : *response.mutable_entries()) {
      ClearValue(entry.mutable_binding());
    }
  }
}

}  // namespace passpersist
