// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/request_handler.h"

#include <algorithm>
#include <type_traits>
#include <variant>

namespace passpersist::internal {

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
                               MibReader::BindingCheck check)
    : objects_(*shared.objects),
      errors_(*shared.errors),
      reader_(shared.objects, shared.clock, shared.errors,
              shared.computed_values, std::move(check)) {}

void RequestHandler::Handle(const Request& request, Response* response) {
  response->error = ErrorStatus::kNoError;
  response->error_index = 0;
  response->instance_info.clear();
  const TransactionKey key = {request.session, request.transaction};
  std::visit(
      [&](const auto& operation) {
        using Op = std::decay_t<decltype(operation)>;
        constexpr bool kIsRead =
            std::is_same_v<Op, Get> || std::is_same_v<Op, GetNext> ||
            std::is_same_v<Op, GetBulk> || std::is_same_v<Op, Dump>;
        if constexpr (kIsRead) {
          Do(operation, response);
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
}

// Assigns to the bindings of the last response: their memory is used again.
void RequestHandler::Do(const Get& get, Response* response) {
  response->bindings.resize(get.oids.size());
  for (size_t i = 0; i < get.oids.size(); ++i) {
    response->bindings[i].oid = get.oids[i];
    reader_.Get(&response->bindings[i]);
  }
}

void RequestHandler::Do(const GetNext& get_next, Response* response) {
  response->bindings.resize(get_next.ranges.size());
  for (size_t i = 0; i < get_next.ranges.size(); ++i) {
    ReadNext(get_next.ranges[i], &response->bindings[i]);
  }
}

void RequestHandler::Do(const GetBulk& get_bulk, Response* response) {
  auto& bindings = response->bindings;
  bindings.clear();
  const auto& ranges = get_bulk.ranges;
  const size_t singles =
      std::min<size_t>(get_bulk.non_repeaters, ranges.size());
  for (size_t i = 0; i < singles; ++i) {
    ReadNext(ranges[i], &bindings.emplace_back());
  }
  const size_t repeaters = ranges.size() - singles;
  for (uint32_t round = 0; round < get_bulk.max_repetitions; ++round) {
    bool more = false;
    for (size_t i = 0; i < repeaters; ++i) {
      SearchRange range = ranges[singles + i];
      if (round > 0) {
        range.start = bindings[bindings.size() - repeaters].oid;
        range.inclusive = false;
      }
      ReadNext(range, &bindings.emplace_back());
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
  ResponseVarBind binding;
  InstanceInfo info;
  while (response->bindings.size() < dump.limit &&
         reader_.Next(range, &binding, &info)) {
    range.start = binding.oid;
    range.inclusive = false;
    response->bindings.push_back(binding);
    response->instance_info.push_back(info);
  }
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

void RequestHandler::ReadNext(const SearchRange& range,
                              ResponseVarBind* binding) {
  if (reader_.Next(range, binding)) return;
  binding->oid = range.start;
  binding->value = Exception::kEndOfMibView;
}

}  // namespace passpersist::internal
