// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/request_handler.h"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "passpersist/inspection.h"

namespace passpersist {

using internal::SetTransaction;

namespace {

// An agent may stop a GETBULK short (RFC 3416 section 4.2.3); this bounds its
// memory.
constexpr size_t kMaxBulkBindings = 10'000;

// A master agent ends each transaction soon; this bounds the memory of
// transactions that a master does not end.
constexpr size_t kMaxTransactions = 64;

void Answer(const SetTransaction::Result& result, Response* response) {
  response->error = result.error;
  response->error_index = result.index;
}

template <typename T>
void Report(T report, Response* response) {
  response->inspection =
      std::make_shared<const Inspection>(Inspection{std::move(report)});
}

// Phased protocols have one error for a commit (RFC 2741 section 7.2.4.3). The
// setter may have returned a more specific one, for protocols without phases.
SetTransaction::Result AsCommitFailed(SetTransaction::Result result) {
  if (result.error != ErrorStatus::kNoError) {
    result.error = ErrorStatus::kCommitFailed;
  }
  return result;
}

}  // namespace

RequestHandler::RequestHandler(const Shared& shared,
                               internal::MibReader::BindingCheck check,
                               internal::HasGone peer_has_gone)
    : objects_(*shared.objects),
      errors_(*shared.errors),
      monitor_(shared.monitor),
      peer_has_gone_(std::move(peer_has_gone)),
      reader_(shared.objects, shared.clock, shared.errors,
              shared.computed_values, std::move(check)) {}

void RequestHandler::Handle(const Request& request, Response* response) {
  response->error = ErrorStatus::kNoError;
  response->error_index = 0;
  response->instance_info.clear();
  response->inspection = nullptr;
  const TransactionKey key = {request.session, request.transaction};
  std::visit(
      [&](const auto& operation) {
        using Op = std::decay_t<decltype(operation)>;
        constexpr bool kIsRead = std::is_same_v<Op, Get> ||
                                 std::is_same_v<Op, GetNext> ||
                                 std::is_same_v<Op, GetBulk>;
        constexpr bool kInspects =
            std::is_same_v<Op, Describe> || std::is_same_v<Op, GetStatistics> ||
            std::is_same_v<Op, Watch> || std::is_same_v<Op, RunUpdate>;
        if constexpr (kIsRead) {
          Do(operation, request.wants_instance_info, response);
        } else if constexpr (std::is_same_v<Op, Dump>) {
          Do(operation, response);
        } else if constexpr (kInspects) {
          response->bindings.clear();
          if (monitor_ == nullptr) {
            response->error = ErrorStatus::kGenErr;
          } else {
            Do(operation, response);
          }
        } else {
          response->bindings.clear();
          if constexpr (std::is_same_v<Op, Set>) {
            Do(operation, response);
          } else {
            Do(operation, key, response);
          }
          reader_.Forget();
        }
      },
      request.operation);
  FillAges(response);
}

void RequestHandler::Do(const Get& get, bool with_info, Response* response) {
  response->bindings.resize(get.oids.size());
  if (with_info) response->instance_info.resize(get.oids.size());
  for (size_t i = 0; i < get.oids.size(); ++i) {
    response->bindings[i].oid = get.oids[i];
    reader_.Get(&response->bindings[i],
                with_info ? &response->instance_info[i] : nullptr);
  }
}

void RequestHandler::Do(const GetNext& get_next, bool with_info,
                        Response* response) {
  response->bindings.resize(get_next.ranges.size());
  if (with_info) response->instance_info.resize(get_next.ranges.size());
  for (size_t i = 0; i < get_next.ranges.size(); ++i) {
    ReadNext(get_next.ranges[i], &response->bindings[i],
             with_info ? &response->instance_info[i] : nullptr);
  }
}

void RequestHandler::Do(const GetBulk& get_bulk, bool with_info,
                        Response* response) {
  auto& bindings = response->bindings;
  bindings.clear();
  const auto read_next = [&](const SearchRange& range) {
    ReadNext(range, &bindings.emplace_back(),
             with_info ? &response->instance_info.emplace_back() : nullptr);
  };
  const auto& ranges = get_bulk.ranges;
  const size_t singles =
      std::min<size_t>(get_bulk.non_repeaters, ranges.size());
  for (size_t i = 0; i < singles; ++i) read_next(ranges[i]);
  const size_t repeaters = ranges.size() - singles;
  for (uint32_t round = 0; round < get_bulk.max_repetitions; ++round) {
    bool more = false;
    for (size_t i = 0; i < repeaters; ++i) {
      SearchRange range = ranges[singles + i];
      if (round > 0) {
        range.start = bindings[bindings.size() - repeaters].oid;
        range.inclusive = false;
      }
      read_next(range);
      more = more || !IsException(bindings.back().value);
    }
    // A round that consists only of endOfMibView is the last (RFC 3416 section
    // 4.2.3).
    if (!more || bindings.size() >= kMaxBulkBindings) break;
  }
}

void RequestHandler::Do(const Dump& dump, Response* response) {
  response->bindings.clear();
  SearchRange range = dump.range;
  VarBind binding;
  InstanceInfo info;
  while (response->bindings.size() < dump.limit &&
         reader_.Next(range, &binding, &info)) {
    range.start = binding.oid;
    range.inclusive = false;
    response->bindings.push_back(binding);
    response->instance_info.push_back(info);
  }
}

void RequestHandler::Do(Describe, Response* response) {
  Report(monitor_->Describe(), response);
}

void RequestHandler::Do(GetStatistics, Response* response) {
  Report(monitor_->GetStatistics(), response);
}

void RequestHandler::Do(const Watch& watch, Response* response) {
  if (watch_ == nullptr) watch_ = monitor_->NewWatch();
  Report(watch_->Take(watch.max_events, watch.wait, peer_has_gone_), response);
}

void RequestHandler::Do(const RunUpdate& run_update, Response* response) {
  Report(monitor_->RunUpdate(run_update.root, run_update.wait, peer_has_gone_),
         response);
}

void RequestHandler::Do(const Set& set, Response* response) {
  SetTransaction transaction(&objects_, &errors_);
  SetTransaction::Result result = transaction.Test(set.bindings, &reader_);
  if (result.error == ErrorStatus::kNoError) {
    result = transaction.Commit();
    // After a successful undo the error of the commit is reported, which is
    // more specific. If a change remains, undoFailed must be reported.
    if (result.error != ErrorStatus::kNoError &&
        (transaction.Undo().error != ErrorStatus::kNoError ||
         result.error == ErrorStatus::kUndoFailed)) {
      result = {ErrorStatus::kUndoFailed, 0};
    }
  }
  Answer(result, response);
}

void RequestHandler::Do(const TestSet& test, TransactionKey key,
                        Response* response) {
  if (transactions_.size() >= kMaxTransactions &&
      !transactions_.contains(key)) {
    return Answer({ErrorStatus::kResourceUnavailable, 0}, response);
  }
  auto& transaction = transactions_[key];
  transaction = std::make_unique<SetTransaction>(&objects_, &errors_);
  Answer(transaction->Test(test.bindings, &reader_), response);
  // A rejected set cannot be committed.
  if (response->error != ErrorStatus::kNoError) transactions_.erase(key);
}

void RequestHandler::Do(CommitSet, TransactionKey key, Response* response) {
  const auto transaction = transactions_.find(key);
  if (transaction == transactions_.end()) {
    return Answer({ErrorStatus::kCommitFailed, 0}, response);
  }
  Answer(AsCommitFailed(transaction->second->Commit()), response);
}

// Also ends the transaction (RFC 2741 section 7.2.4.4).
void RequestHandler::Do(UndoSet, TransactionKey key, Response* response) {
  const auto transaction = transactions_.find(key);
  if (transaction == transactions_.end()) {
    return Answer({ErrorStatus::kUndoFailed, 0}, response);
  }
  Answer(transaction->second->Undo(), response);
  transactions_.erase(transaction);
}

void RequestHandler::Do(CleanupSet, TransactionKey key, Response*) {
  transactions_.erase(key);
}

void RequestHandler::ReadNext(const SearchRange& range, VarBind* binding,
                              InstanceInfo* info) {
  if (reader_.Next(range, binding, info)) return;
  binding->oid = range.start;
  binding->value = EndOfMibView();
}

// Neighbours are usually from the same subtree: look its age up once.
void RequestHandler::FillAges(Response* response) const {
  if (monitor_ == nullptr) return;
  const InstanceInfo* previous = nullptr;
  for (InstanceInfo& info : response->instance_info) {
    if (previous != nullptr && previous->root == info.root) {
      info.age = previous->age;
    } else {
      info.age = monitor_->AgeOf(info.root);
    }
    previous = &info;
  }
}

}  // namespace passpersist
