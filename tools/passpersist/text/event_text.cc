// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/event_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "passpersist/pdu.h"
#include "tools/passpersist/text/printable.h"
#include "tools/passpersist/text/quantity_text.h"
#include "tools/passpersist/text/request_text.h"
#include "tools/passpersist/text/statistics_text.h"
#include "tools/passpersist/text/value_text.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {
namespace {

struct Parts {
  std::string kind;
  std::string text;
  std::string duration;
  bool failed = false;
};

std::string Text(const debug::VarBind& binding) {
  // The sentences of BindingText() would make a line too long. The name of an
  // END_OF_MIB_VIEW repeats the name of the request, so it is left out.
  if (binding.exception() == debug::END_OF_MIB_VIEW) return "the end";
  if (!binding.has_exception()) return BindingText(binding);
  return absl::StrCat(Printable(binding.oid()), " ",
                      debug::Exception_Name(binding.exception()));
}

std::string AnswerText(const debug::Response& response) {
  if (response.error() != debug::NO_ERROR) {
    return std::string(
        ErrorStatusName(static_cast<ErrorStatus>(response.error())));
  }
  if (response.bindings().empty()) return "ok";
  return absl::StrJoin(response.bindings(), ", ",
                       [](std::string* out, const debug::VarBind& binding) {
                         absl::StrAppend(out, Text(binding));
                       });
}

bool IsPing(const debug::RequestEvent& event) {
  return !event.has_request() &&
         absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(event.received()),
                                "PING");
}

Parts PartsOf(const debug::RequestEvent& event) {
  Parts parts;
  if (!event.has_request()) {
    parts.kind = "other";
    // PassPersistCodec sends the PONG of most PINGs early.
    const bool early_pong = IsPing(event) && event.sent().empty();
    parts.text = absl::StrCat(
        Quoted(event.received()), " → ",
        early_pong ? "(PONG came with the last answer)" : Quoted(event.sent()));
    return parts;
  }
  const RequestText request = TextOf(event.request());
  parts.kind = request.operation;
  parts.duration = DurationText(FromProto(event.duration()));
  parts.failed = event.response().error() != debug::NO_ERROR;
  // The answer to a get repeats the names of the request.
  const bool answer_has_names = event.request().has_get() && !parts.failed;
  const std::string answer = AnswerText(event.response());
  parts.text =
      answer_has_names
          ? answer
          : absl::StrCat(request.objects, request.objects.empty() ? "" : " ",
                         "→ ", answer);
  return parts;
}

Parts PartsOf(const debug::UpdateEvent& update) {
  Parts parts;
  parts.kind = "update";
  parts.duration = DurationText(FromProto(update.duration()));
  parts.failed = update.status().code() != 0;
  parts.text = absl::StrCat(Printable(update.root()), ", ",
                            parts.failed ? StatusText(update.status())
                                         : InstancesText(update.instances()));
  return parts;
}

Parts PartsOf(const debug::Event& event) {
  switch (event.what_case()) {
    case debug::Event::kRequestEvent:
      return PartsOf(event.request_event());
    case debug::Event::kUpdate:
      return PartsOf(event.update());
    case debug::Event::kError:
      return {"error", StatusText(event.error()), "", true};
    case debug::Event::WHAT_NOT_SET:
      break;
  }
  return {"unknown", "(a kind that this program does not know)", "", false};
}

}  // namespace

bool IsPing(const debug::Event& event) {
  return event.has_request_event() && IsPing(event.request_event());
}

std::string EventText(const debug::Event& event, absl::TimeZone zone,
                      const Palette& palette) {
  const Parts parts = PartsOf(event);
  const std::string time =
      absl::FormatTime("%H:%M:%E6S", FromProto(event.time()), zone);
  const std::string text = parts.failed
                               ? palette.Paint(Palette::Style::kRed, parts.text)
                               : parts.text;
  return absl::StrFormat("%s  %6s  %-7s  %s\n",
                         palette.Paint(Palette::Style::kDim, time),
                         parts.duration, parts.kind, text);
}

}  // namespace passpersist::tool
