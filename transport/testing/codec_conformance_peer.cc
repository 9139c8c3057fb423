// SPDX-License-Identifier: Apache-2.0

#include "transport/testing/codec_conformance_peer.h"

#include <type_traits>
#include <utility>
#include <variant>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"

namespace passpersist_testing {

using passpersist::Codec;
using passpersist::CodecHost;
using passpersist::Dump;
using passpersist::ErrorStatus;
using passpersist::Exception;
using passpersist::Get;
using passpersist::GetBulk;
using passpersist::GetNext;
using passpersist::Integer32;
using passpersist::Oid;
using passpersist::Operation;
using passpersist::Regions;
using passpersist::Request;
using passpersist::Response;
using passpersist::ResponseVarBind;
using passpersist::SearchRange;
using passpersist::Set;
using passpersist::TestSet;
using passpersist::Value;
using passpersist::VarBind;

namespace {

ResponseVarBind Find(const std::map<Oid, Value>& values, const Oid& oid) {
  const auto found = values.find(oid);
  if (found == values.end()) return {oid, Exception::kNoSuchInstance};
  return {oid, found->second};
}

ResponseVarBind FindNext(const std::map<Oid, Value>& values,
                         const SearchRange& range) {
  const auto found = range.inclusive ? values.lower_bound(range.start)
                                     : values.upper_bound(range.start);
  if (found == values.end() ||
      (!range.end.empty() && found->first >= range.end)) {
    return {range.start, Exception::kEndOfMibView};
  }
  return {found->first, found->second};
}

template <typename Bindings>
std::string DescribeBindings(const Bindings& bindings) {
  return absl::StrJoin(bindings, ", ", [](std::string* out, const VarBind& b) {
    absl::StrAppend(out, b.oid.ToString(), " = ", ToString(b.value));
  });
}

std::string DescribeRange(const SearchRange& range) {
  return absl::StrCat(range.inclusive ? "from " : "after ",
                      range.start.ToString(), " before ", range.end.ToString());
}

template <typename Ranges>
std::string DescribeRanges(const Ranges& ranges) {
  return absl::StrJoin(ranges, ", ",
                       [](std::string* out, const SearchRange& range) {
                         out->append(DescribeRange(range));
                       });
}

std::string DescribeOperation(const Operation& operation) {
  if (const auto* const get = std::get_if<Get>(&operation)) {
    return absl::StrCat(
        "Get ", absl::StrJoin(get->oids, ", ", [](std::string* out, Oid oid) {
          oid.AppendTo(out);
        }));
  }
  if (const auto* const next = std::get_if<GetNext>(&operation)) {
    return absl::StrCat("GetNext ", DescribeRanges(next->ranges));
  }
  if (const auto* const bulk = std::get_if<GetBulk>(&operation)) {
    return absl::StrCat("GetBulk ", bulk->non_repeaters, " ",
                        bulk->max_repetitions, " ",
                        DescribeRanges(bulk->ranges));
  }
  if (const auto* const set = std::get_if<Set>(&operation)) {
    return absl::StrCat("Set ", DescribeBindings(set->bindings));
  }
  if (const auto* const test = std::get_if<TestSet>(&operation)) {
    return absl::StrCat("TestSet ", DescribeBindings(test->bindings));
  }
  if (const auto* const dump = std::get_if<Dump>(&operation)) {
    return absl::StrCat("Dump ", dump->limit, " ", DescribeRange(dump->range));
  }
  return absl::StrCat("operation ", operation.index());
}

// Fills `request` with more elements than a codec is likely to overwrite by
// chance.
void Prefill(int kind, Request* request) {
  const Oid oid = {9, 9, 9};
  const SearchRange range = {oid, true, oid};
  switch (kind) {
    case 0:
      request->operation = Get{{oid, oid}};
      break;
    case 1:
      request->operation = GetNext{{range, range}};
      break;
    case 2:
      request->operation = GetBulk{9, 9, {range, range}};
      break;
    case 3:
      request->operation = Set{{{oid, Integer32{9}}, {oid, Integer32{9}}}};
      break;
    case 4:
      request->operation = Dump{range, 9};
      break;
  }
}

}  // namespace

std::string Describe(const Request& request) {
  return absl::StrCat(request.session, "/", request.transaction, "/",
                      request.packet, "/", absl::CHexEscape(request.context),
                      ": ", DescribeOperation(request.operation));
}

Response ModelAgent::Answer(const Request& request) const {
  Response response;
  auto& bindings = response.bindings;
  if (const auto* const get = std::get_if<Get>(&request.operation)) {
    for (const Oid& oid : get->oids) bindings.push_back(Find(values, oid));
  } else if (const auto* const next =
                 std::get_if<GetNext>(&request.operation)) {
    for (const SearchRange& range : next->ranges) {
      bindings.push_back(FindNext(values, range));
    }
  } else if (const auto* const bulk =
                 std::get_if<GetBulk>(&request.operation)) {
    for (const SearchRange& range : bulk->ranges) {
      bindings.push_back(FindNext(values, range));
    }
  } else if (const auto* const dump = std::get_if<Dump>(&request.operation)) {
    auto row = values.upper_bound(dump->range.start);
    for (; row != values.end() && bindings.size() < dump->limit; ++row) {
      bindings.push_back({row->first, row->second});
      const auto label = labels.find(row->first);
      response.instance_info.push_back(
          {label == labels.end() ? "" : label->second, {}, false});
    }
  } else {
    response.error = set_answer;
    response.error_index = set_answer == ErrorStatus::kNoError ? 0 : 1;
  }
  return response;
}

CodecPeer::CodecPeer(std::unique_ptr<Codec> codec, const Regions& regions,
                     const ModelAgent* agent)
    : codec_(std::move(codec)), agent_(*agent) {
  codec_->Open(CodecHost{regions}, &output_);
  ProcessInput(/*timed_out=*/false);
}

void CodecPeer::Send(absl::string_view bytes) {
  pending_input_.append(bytes.data(), bytes.size());
  ProcessInput(/*timed_out=*/false);
}

void CodecPeer::ExpireReadTimeout() {
  if (codec_->ReadTimeout() == absl::InfiniteDuration()) return;
  ProcessInput(/*timed_out=*/true);
}

std::string CodecPeer::TakeOutput() { return std::exchange(output_, ""); }

void CodecPeer::ProcessInput(bool timed_out) {
  if (!status_.ok()) return;
  // Far more requests than the bytes can hold; ends the test of a faulty codec.
  size_t steps_left = 64 * (pending_input_.size() + 16);
  absl::StatusOr<Decoded> decoded = Decode(timed_out);
  while (decoded.ok() && *decoded != Decoded::kIncomplete) {
    if (--steps_left == 0) {
      ADD_FAILURE() << "decodes requests endlessly from the same bytes";
      status_ = absl::InternalError("endless");
      return;
    }
    if (*decoded != Decoded::kConsumed) {
      requests_.push_back({Describe(request_), consumed_});
      codec_->Encode(request_, agent_.Answer(request_), &output_);
    }
    if (*decoded != Decoded::kPage && pending_input_.empty()) break;
    decoded = Decode(/*timed_out=*/false);
  }
  if (decoded.ok()) return;
  status_ = decoded.status();
  codec_->Close(&output_);
}

absl::StatusOr<Codec::Decoded> CodecPeer::Decode(bool timed_out) {
  Prefill(prefill_kind_, &request_);
  const size_t output_before = output_.size();
  absl::string_view in = pending_input_;
  const absl::StatusOr<Decoded> decoded =
      timed_out ? codec_->OnReadTimeout(&in, &request_, &output_)
                : codec_->Decode(&in, &request_, &output_);
  EXPECT_TRUE(in.empty() || in.end() == absl::string_view(pending_input_).end())
      << "consumes bytes elsewhere than at the front";
  EXPECT_GE(output_.size(), output_before) << "removes output";
  consumed_ += pending_input_.size() - in.size();
  pending_input_.erase(0, pending_input_.size() - in.size());
  return decoded;
}

}  // namespace passpersist_testing
