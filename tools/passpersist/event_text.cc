#include "tools/passpersist/event_text.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "passpersist/pdu.h"
#include "tools/passpersist/printable.h"
#include "tools/passpersist/quantity_text.h"
#include "tools/passpersist/statistics_text.h"
#include "tools/passpersist/value_text.h"
#include "transport/debug_values.h"

namespace passpersist {
namespace {

struct Parts {
  std::string kind;
  std::string text;
  std::string duration;
  bool bad = false;
};

// "getnext"
std::string Kind(const debug::Request& request) {
  const google::protobuf::FieldDescriptor* const field =
      request.GetReflection()->GetOneofFieldDescriptor(
          request, request.GetDescriptor()->FindOneofByName("operation"));
  // A newer agent may know more.
  return field == nullptr ? "unknown"
                          : absl::StrReplaceAll(field->name(), {{"_", ""}});
}

template <typename Ranges>
std::vector<std::string> Starts(const Ranges& ranges) {
  std::vector<std::string> starts;
  for (const debug::SearchRange& range : ranges) {
    starts.push_back(range.start().empty() ? "." : Printable(range.start()));
  }
  return starts;
}

template <typename Bindings>
std::vector<std::string> Texts(const Bindings& bindings) {
  std::vector<std::string> texts;
  for (const debug::VarBind& binding : bindings) {
    // Sentences would make a line too long, and behind the last name stands
    // only what was asked for.
    if (binding.exception() == debug::END_OF_MIB_VIEW) {
      texts.push_back("the end");
    } else if (binding.has_exception()) {
      texts.push_back(absl::StrCat(Printable(binding.oid()), " ",
                                   debug::Exception_Name(binding.exception())));
    } else {
      texts.push_back(BindingText(binding));
    }
  }
  return texts;
}

std::vector<std::string> Asked(const debug::Request& request) {
  switch (request.operation_case()) {
    case debug::Request::kGet: {
      const auto& oids = request.get().oids();
      return {oids.begin(), oids.end()};
    }
    case debug::Request::kGetNext:
      return Starts(request.get_next().ranges());
    case debug::Request::kGetBulk:
      return Starts(request.get_bulk().ranges());
    case debug::Request::kSet:
      return Texts(request.set().bindings());
    case debug::Request::kTestSet:
      return Texts(request.test_set().bindings());
    default:
      return {};
  }
}

std::string Answered(const debug::Response& response) {
  if (response.error() != debug::NO_ERROR) {
    return std::string(
        ErrorStatusName(static_cast<ErrorStatus>(response.error())));
  }
  if (response.bindings().empty()) return "ok";
  return absl::StrJoin(Texts(response.bindings()), ", ");
}

Parts PartsOf(const debug::Exchange& exchange) {
  Parts parts;
  if (!exchange.has_request()) {
    parts.kind = "other";
    parts.text = absl::StrCat(Quoted(exchange.received()), " → ",
                              Quoted(exchange.sent()));
    return parts;
  }
  parts.kind = Kind(exchange.request());
  parts.duration = DurationText(FromProto(exchange.duration()));
  parts.bad = exchange.response().error() != debug::NO_ERROR;
  // The answer to a get names what was asked for.
  const bool asked_again = exchange.request().has_get() && !parts.bad;
  const std::string asked =
      absl::StrJoin(Asked(exchange.request()), ", ",
                    [](std::string* out, const std::string& name) {
                      absl::StrAppend(out, Printable(name));
                    });
  parts.text = asked_again ? Answered(exchange.response())
                           : absl::StrCat(asked, asked.empty() ? "" : " ", "→ ",
                                          Answered(exchange.response()));
  return parts;
}

Parts PartsOf(const debug::UpdateRun& update) {
  Parts parts;
  parts.kind = "update";
  parts.duration = DurationText(FromProto(update.duration()));
  parts.bad = update.status().code() != 0;
  parts.text = absl::StrCat(Printable(update.root()), ", ",
                            parts.bad ? StatusText(update.status())
                                      : absl::StrCat(update.rows(), " rows"));
  return parts;
}

Parts PartsOf(const debug::Event& event) {
  switch (event.what_case()) {
    case debug::Event::kExchange:
      return PartsOf(event.exchange());
    case debug::Event::kUpdate:
      return PartsOf(event.update());
    case debug::Event::kError:
      return {"error", StatusText(event.error()), "", true};
    case debug::Event::WHAT_NOT_SET:
      break;
  }
  return {"unknown", "(of a kind that this program does not know)", "", false};
}

}  // namespace

bool IsPing(const debug::Event& event) {
  return event.has_exchange() && !event.exchange().has_request() &&
         absl::EqualsIgnoreCase(
             absl::StripAsciiWhitespace(event.exchange().received()), "PING");
}

std::string EventText(const debug::Event& event, absl::TimeZone zone,
                      const Palette& palette) {
  const Parts parts = PartsOf(event);
  const std::string time =
      absl::FormatTime("%H:%M:%E6S", FromProto(event.time()), zone);
  const std::string text =
      parts.bad ? palette.Paint(Palette::Style::kRed, parts.text) : parts.text;
  return absl::StrFormat("%s  %6s  %-7s  %s\n",
                         palette.Paint(Palette::Style::kDim, time),
                         parts.duration, parts.kind, text);
}

}  // namespace passpersist
