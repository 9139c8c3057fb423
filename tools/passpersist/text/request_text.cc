// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/request_text.h"

#include <cstddef>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/repeated_field.h"
#include "tools/passpersist/text/message_text.h"
#include "tools/passpersist/text/printable.h"
#include "tools/passpersist/text/value_text.h"

namespace passpersist::tool {
namespace {

using google::protobuf::RepeatedPtrField;

std::string OperationText(const debug::Request& request) {
  const std::string name = OneofField(request, "operation");
  // A newer agent may know more operations.
  return name.empty() ? "unknown" : absl::StrReplaceAll(name, {{"_", ""}});
}

std::vector<std::string> Names(const RepeatedPtrField<std::string>& oids) {
  std::vector<std::string> names;
  for (const std::string& oid : oids) names.push_back(Printable(oid));
  return names;
}

std::vector<std::string> Starts(
    const RepeatedPtrField<debug::SearchRange>& ranges) {
  std::vector<std::string> starts;
  for (const debug::SearchRange& range : ranges) {
    starts.push_back(range.start().empty() ? "." : Printable(range.start()));
  }
  return starts;
}

std::vector<std::string> Starts(const debug::GetBulk& get_bulk) {
  std::vector<std::string> starts = Starts(get_bulk.ranges());
  for (size_t i = get_bulk.non_repeaters(); i < starts.size(); ++i) {
    absl::StrAppend(&starts[i], " ×", get_bulk.max_repetitions());
  }
  return starts;
}

std::vector<std::string> Bindings(
    const RepeatedPtrField<debug::VarBind>& bindings) {
  std::vector<std::string> texts;
  for (const debug::VarBind& binding : bindings) {
    texts.push_back(BindingText(binding));
  }
  return texts;
}

std::vector<std::string> Objects(const debug::Request& request) {
  switch (request.operation_case()) {
    case debug::Request::kGet:
      return Names(request.get().oids());
    case debug::Request::kGetNext:
      return Starts(request.get_next().ranges());
    case debug::Request::kGetBulk:
      return Starts(request.get_bulk());
    case debug::Request::kSet:
      return Bindings(request.set().bindings());
    case debug::Request::kTestSet:
      return Bindings(request.test_set().bindings());
    default:
      return {};
  }
}

}  // namespace

std::string RequestText::ToString() const {
  return absl::StrCat(operation, objects.empty() ? "" : " ", objects);
}

RequestText TextOf(const debug::Request& request) {
  return {OperationText(request), absl::StrJoin(Objects(request), ", ")};
}

}  // namespace passpersist::tool
