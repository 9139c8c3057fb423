// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_requests.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/unknown_field_set.h"
#include "passpersist/value.h"
#include "transport/debug/debug_values.h"

namespace passpersist {
namespace {

// Dump::limit has no special value for "no limit"; the protocol's 0 becomes the
// maximum.
constexpr uint32_t kNoLimit = std::numeric_limits<uint32_t>::max();

class OperationWriter {
 public:
  explicit OperationWriter(debug::Request* proto) : proto_(*proto) {}

  void operator()(const Get& get) {
    debug::Get& proto = *proto_.mutable_get();
    for (const Oid& oid : get.oids) proto.add_oids(ToProto(oid));
  }
  void operator()(const GetNext& get_next) {
    WriteAll(get_next.ranges, proto_.mutable_get_next()->mutable_ranges());
  }
  void operator()(const GetBulk& get_bulk) {
    debug::GetBulk& proto = *proto_.mutable_get_bulk();
    proto.set_non_repeaters(get_bulk.non_repeaters);
    proto.set_max_repetitions(get_bulk.max_repetitions);
    WriteAll(get_bulk.ranges, proto.mutable_ranges());
  }
  void operator()(const Set& set) {
    WriteAll(set.bindings, proto_.mutable_set()->mutable_bindings());
  }
  void operator()(const TestSet& test) {
    WriteAll(test.bindings, proto_.mutable_test_set()->mutable_bindings());
  }
  void operator()(CommitSet) { proto_.mutable_commit_set(); }
  void operator()(UndoSet) { proto_.mutable_undo_set(); }
  void operator()(CleanupSet) { proto_.mutable_cleanup_set(); }
  void operator()(const Dump& dump) {
    debug::Dump& proto = *proto_.mutable_dump();
    ToProto(dump.range, proto.mutable_range());
    if (dump.limit != kNoLimit) proto.set_limit(dump.limit);
  }

 private:
  template <typename Structs, typename Protos>
  static void WriteAll(const Structs& structs, Protos* protos) {
    for (const auto& each : structs) ToProto(each, protos->Add());
  }

  debug::Request& proto_;
};

absl::Status ReadName(const std::string& text, Oid* oid) {
  absl::Status status = FromProto(text, oid);
  if (status.ok() && oid->empty()) {
    return absl::InvalidArgumentError("an empty OID");
  }
  return status;
}

// Reads a repeated field; `read` converts each element.
template <typename Protos, typename Structs, typename Read>
absl::Status ReadAll(const Protos& protos, Structs* structs, Read read) {
  const size_t size = static_cast<size_t>(protos.size());
  if (size > kMaxDebugNames) {
    return absl::ResourceExhaustedError(
        absl::StrCat(size, " names in a request, of which ", kMaxDebugNames,
                     " are allowed"));
  }
  structs->resize(size);
  for (size_t i = 0; i < size; ++i) {
    absl::Status status = read(protos[static_cast<int>(i)], &(*structs)[i]);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

template <typename Protos, typename Structs>
absl::Status ReadAll(const Protos& protos, Structs* structs) {
  return ReadAll(protos, structs, [](const auto& proto, auto* each) {
    return FromProto(proto, each);
  });
}

absl::Status UnknownOperation(const debug::Request& proto) {
  constexpr int kMaxNamed = 4;
  const auto& fields = proto.GetReflection()->GetUnknownFields(proto);
  std::vector<int> numbers;
  for (int i = 0; i < std::min(fields.field_count(), kMaxNamed); ++i) {
    numbers.push_back(fields.field(i).number());
  }
  if (numbers.empty()) return absl::UnimplementedError("no operation");
  return absl::UnimplementedError(
      absl::StrCat("operation unknown to this agent; unknown fields: ",
                   absl::StrJoin(numbers, ", ")));
}

absl::Status ReadOperation(const debug::Request& proto, Request* request) {
  switch (proto.operation_case()) {
    case debug::Request::kGet:
      return ReadAll(proto.get().oids(), &request->Reset<Get>().oids, ReadName);
    case debug::Request::kGetNext:
      return ReadAll(proto.get_next().ranges(),
                     &request->Reset<GetNext>().ranges);
    case debug::Request::kGetBulk: {
      GetBulk& get_bulk = request->Reset<GetBulk>();
      get_bulk.non_repeaters = proto.get_bulk().non_repeaters();
      get_bulk.max_repetitions = proto.get_bulk().max_repetitions();
      return ReadAll(proto.get_bulk().ranges(), &get_bulk.ranges);
    }
    case debug::Request::kSet:
      return ReadAll(proto.set().bindings(), &request->Reset<Set>().bindings);
    case debug::Request::kTestSet:
      return ReadAll(proto.test_set().bindings(),
                     &request->Reset<TestSet>().bindings);
    case debug::Request::kCommitSet:
      request->Reset<CommitSet>();
      return absl::OkStatus();
    case debug::Request::kUndoSet:
      request->Reset<UndoSet>();
      return absl::OkStatus();
    case debug::Request::kCleanupSet:
      request->Reset<CleanupSet>();
      return absl::OkStatus();
    case debug::Request::kDump: {
      Dump& dump = request->Reset<Dump>();
      dump.limit = proto.dump().limit() == 0 ? kNoLimit : proto.dump().limit();
      return FromProto(proto.dump().range(), &dump.range);
    }
    case debug::Request::kDescribe:
    case debug::Request::kGetStatistics:
    case debug::Request::kWatch:
    case debug::Request::kRunUpdate:
      return absl::InvalidArgumentError("not an SNMP operation");
    case debug::Request::OPERATION_NOT_SET:
      break;
  }
  return UnknownOperation(proto);
}

}  // namespace

void ToProto(const Request& request, debug::Request* proto) {
  proto->set_id(request.packet);
  proto->set_session(request.session);
  proto->set_transaction(request.transaction);
  proto->set_context(ToUtf8(request.context));
  std::visit(OperationWriter(proto), request.operation);
}

absl::Status FromProto(const debug::Request& proto, Request* request) {
  request->packet = proto.id();
  request->session = proto.session();
  request->transaction = proto.transaction();
  request->context = proto.context();
  return ReadOperation(proto, request);
}

std::string DebugOperationName(size_t index) {
  // The first fields of the oneof are in the order of the alternatives of
  // Operation; a test checks this.
  const auto* const operation =
      debug::Request::descriptor()->FindOneofByName("operation");
  return std::string(operation->field(static_cast<int>(index))->name());
}

}  // namespace passpersist
