// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/request_handler.h"

#include <algorithm>
#include <type_traits>
#include <variant>

#include "passpersist/base/request_guard.h"

namespace passpersist::internal {

namespace {

// An agent may stop a GETBULK short (RFC 3416 section 4.2.3); this bounds its
// memory.
constexpr size_t kMaxBulkBindings = 10'000;

// A master agent ends each transaction soon; this bounds the memory of
// transactions that a master does not end.
constexpr size_t kMaxTransactions = 64;

const Oid& FirstName(const Operation& operation) {
  static const Oid* const kNone = new Oid;
  const Oid* name = kNone;
  if (const auto* const get = std::get_if<Get>(&operation)) {
    if (!get->oids.empty()) name = &get->oids[0];
  } else if (const auto* const next = std::get_if<GetNext>(&operation)) {
    if (!next->ranges.empty()) name = &next->ranges[0].start;
  } else if (const auto* const bulk = std::get_if<GetBulk>(&operation)) {
    if (!bulk->ranges.empty()) name = &bulk->ranges[0].start;
  }
  return *name;
}

// resize() is a call of a function, also if the size stays.
void Resize(size_t size, std::vector<ResponseVarBind>* bindings) {
  if (bindings->size() != size) bindings->resize(size);
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

RequestHandler::RequestHandler(const Shared* shared,
                               MibReader::BindingCheck check,
                               bool request_is_pdu)
    : shared_(*shared),
      request_is_pdu_(request_is_pdu),
      reader_(shared->objects, shared->errors, shared->computed_values,
              std::move(check), shared->reading, shared->await_update) {}

// The transactions that the peer has not ended end with the connection.
RequestHandler::~RequestHandler() {
  for (const auto& [key, transaction] : transactions_) transaction->CleanUp();
}

void RequestHandler::Begin(PendingRequest* pending) {
  Response& response = pending->response;
  response.error = ErrorStatus::kNoError;
  response.error_index = 0;
  response.instance_info.clear();
  pending->read.asker.first_answer = 0;
  pending->answered = 0;
  reader_.BeginRequest(FirstName(pending->request.operation), request_is_pdu_,
                       &pending->read);
}

RequestHandler::Progress RequestHandler::Advance(PendingRequest* pending) {
  Progress progress;
  do {
    progress = std::visit(
        [&](const auto& operation) { return Do(operation, pending); },
        pending->request.operation);
  } while (request_is_pdu_ && progress == Progress::kDone && Repeats(pending));
  if (progress == Progress::kDone) reader_.EndRequest(&pending->read);
  return progress;
}

bool RequestHandler::Repeats(PendingRequest* pending) {
  if (!reader_.Repeats(&pending->read)) return false;
  pending->answered = 0;
  return true;
}

void RequestHandler::Abandon(PendingRequest* pending) {
  if (pending->set != nullptr) pending->set->CleanUp();
  reader_.EndRequest(&pending->read);
}

// Assigns to the bindings of the last response: their memory is used again.
inline RequestHandler::Progress RequestHandler::Do(const Get& get,
                                                   PendingRequest* pending) {
  const RequestGuard guard;
  auto& bindings = pending->response.bindings;
  Resize(get.oids.size(), &bindings);
  size_t& i = pending->answered;
  for (; i < get.oids.size(); ++i) {
    bindings[i].oid = get.oids[i];
    if (reader_.Get(&bindings[i], &pending->read) ==
        MibReader::Step::kWaiting) {
      // All that this request will wait for begins at once.
      for (size_t next = i + 1; next < get.oids.size(); ++next) {
        reader_.BeginGet(get.oids[next], &pending->read);
      }
      return Progress::kWaiting;
    }
  }
  return Progress::kDone;
}

inline RequestHandler::Progress RequestHandler::Do(const GetNext& get_next,
                                                   PendingRequest* pending) {
  const RequestGuard guard;
  auto& bindings = pending->response.bindings;
  Resize(get_next.ranges.size(), &bindings);
  size_t& i = pending->answered;
  for (; i < get_next.ranges.size(); ++i) {
    if (ReadNext(get_next.ranges[i], &bindings[i], pending) ==
        Progress::kWaiting) {
      return Progress::kWaiting;
    }
  }
  return Progress::kDone;
}

RequestHandler::Progress RequestHandler::Do(const GetBulk& get_bulk,
                                            PendingRequest* pending) {
  const RequestGuard guard;
  auto& bindings = pending->response.bindings;
  const auto& ranges = get_bulk.ranges;
  const size_t singles =
      std::min<size_t>(get_bulk.non_repeaters, ranges.size());
  const size_t repeaters = ranges.size() - singles;
  // The index of a binding tells its round: none for the first `singles`, then
  // `repeaters` for each.
  const size_t end =
      repeaters == 0 ? singles
                     : singles + repeaters * size_t{get_bulk.max_repetitions};
  size_t& i = pending->answered;
  for (; i < end; ++i) {
    bindings.resize(i + 1);
    const size_t place = i < singles ? i : (i - singles) % repeaters;
    const bool begins_round = i >= singles && place == 0;
    if (begins_round && i > singles) {
      // A round that consists only of endOfMibView is the last (RFC 3416
      // section 4.2.3).
      const bool more = std::any_of(
          bindings.end() - 1 - repeaters, bindings.end() - 1,
          [](const auto& binding) { return !IsException(binding.value); });
      if (!more || i >= kMaxBulkBindings) break;
    }
    SearchRange range = ranges[i < singles ? i : singles + place];
    if (i >= singles + repeaters) {
      range.start = bindings[i - repeaters].oid;
      range.inclusive = false;
    }
    if (ReadNext(range, &bindings[i], pending) == Progress::kWaiting) {
      return Progress::kWaiting;
    }
  }
  bindings.resize(i);
  return Progress::kDone;
}

RequestHandler::Progress RequestHandler::Do(const Dump& dump,
                                            PendingRequest* pending) {
  const RequestGuard guard;
  auto& bindings = pending->response.bindings;
  auto& infos = pending->response.instance_info;
  size_t& i = pending->answered;
  for (; i < dump.limit; ++i) {
    SearchRange range = dump.range;
    if (i > 0) {
      range.start = bindings[i - 1].oid;
      range.inclusive = false;
    }
    bindings.resize(i + 1);
    infos.resize(i + 1);
    const MibReader::Step step =
        reader_.Next(range, &bindings[i], &pending->read, &infos[i]);
    if (step == MibReader::Step::kWaiting) return Progress::kWaiting;
    if (step == MibReader::Step::kAbsent) break;
  }
  bindings.resize(i);
  infos.resize(i);
  return Progress::kDone;
}

RequestHandler::Progress RequestHandler::Do(const Set& set,
                                            PendingRequest* pending) {
  if (pending->set == nullptr) {
    pending->set =
        std::make_shared<SetTransaction>(&shared_.sets, set.bindings);
  }
  const auto result = pending->set->Set(pending->read.asker);
  if (!result) return Progress::kWaiting;
  OnSet(*pending->set);
  std::exchange(pending->set, nullptr)->CleanUp();
  return Answer(*result, pending);
}

RequestHandler::Progress RequestHandler::Do(const TestSet& test,
                                            PendingRequest* pending) {
  const TransactionKey key = KeyOf(pending->request);
  if (pending->set == nullptr) {
    // A second test with the same key begins the transaction again.
    EndTransaction(key);
    if (transactions_.size() >= kMaxTransactions) {
      return Answer({ErrorStatus::kResourceUnavailable, 0}, pending);
    }
    pending->set =
        std::make_shared<SetTransaction>(&shared_.sets, test.bindings);
    transactions_[key] = pending->set;
  }
  const auto result = pending->set->Test(pending->read.asker);
  if (!result) return Progress::kWaiting;
  pending->set = nullptr;
  // A rejected set cannot be committed.
  if (result->error != ErrorStatus::kNoError) EndTransaction(key);
  return Answer(*result, pending);
}

RequestHandler::Progress RequestHandler::Do(CommitSet,
                                            PendingRequest* pending) {
  const auto transaction = transactions_.find(KeyOf(pending->request));
  if (transaction == transactions_.end()) {
    return Answer({ErrorStatus::kCommitFailed, 0}, pending);
  }
  const auto result = transaction->second->Commit(pending->read.asker);
  if (!result) return Progress::kWaiting;
  OnSet(*transaction->second);
  return Answer(AsCommitFailed(*result), pending);
}

// Also ends the transaction (RFC 2741 section 7.2.4.4).
RequestHandler::Progress RequestHandler::Do(UndoSet, PendingRequest* pending) {
  const TransactionKey key = KeyOf(pending->request);
  const auto transaction = transactions_.find(key);
  if (transaction == transactions_.end()) {
    return Answer({ErrorStatus::kUndoFailed, 0}, pending);
  }
  const auto result = transaction->second->Undo(pending->read.asker);
  if (!result) return Progress::kWaiting;
  OnSet(*transaction->second);
  EndTransaction(key);
  return Answer(*result, pending);
}

RequestHandler::Progress RequestHandler::Do(CleanupSet,
                                            PendingRequest* pending) {
  EndTransaction(KeyOf(pending->request));
  return Answer({}, pending);
}

void RequestHandler::EndTransaction(TransactionKey key) {
  const auto transaction = transactions_.find(key);
  if (transaction == transactions_.end()) return;
  transaction->second->CleanUp();
  transactions_.erase(transaction);
}

// Completes the response to a set.
RequestHandler::Progress RequestHandler::Answer(
    const SetTransaction::Result& result, PendingRequest* pending) {
  pending->response.bindings.clear();
  pending->response.error = result.error;
  pending->response.error_index = result.index;
  return Progress::kDone;
}

void RequestHandler::OnSet(const SetTransaction& set) {
  for (const VarBind& binding : set.bindings()) reader_.OnSet(binding.oid);
  for (const Oid& root : set.changed_roots()) reader_.OnSet(root);
}

inline RequestHandler::Progress RequestHandler::ReadNext(
    const SearchRange& range, ResponseVarBind* binding,
    PendingRequest* pending) {
  const MibReader::Step step = reader_.Next(range, binding, &pending->read);
  if (step == MibReader::Step::kWaiting) return Progress::kWaiting;
  if (step == MibReader::Step::kAbsent) {
    binding->oid = range.start;
    binding->value = Exception::kEndOfMibView;
  }
  return Progress::kDone;
}

}  // namespace passpersist::internal
