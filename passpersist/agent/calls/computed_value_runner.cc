// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/calls/computed_value_runner.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passpersist/base/invoke_user_callback.h"
#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {
namespace {

// What a call that Begin() has begun returns is served within this time.
// Afterwards a request calls the function again.
constexpr Nanoseconds kNewAnswer = Nanoseconds::Milliseconds(1000);

// While the late calls of a subtree are at their limit, so many of its other
// functions are called at a time: enough to find those that are in time again.
constexpr size_t kCallsBesideLateOnes = 4;

absl::Status LateError() {
  return absl::DeadlineExceededError(
      "absent: its function has not returned yet");
}

}  // namespace

Nanoseconds ComputedValueRunner::Asker::NextAsk() const {
  Nanoseconds next = now + kMoment;
  for (const Nanoseconds end : {deadline, grace_deadline}) {
    if (end > now) next = std::min(next, end);
  }
  return next;
}

ComputedValueRunner::ComputedValueRunner(const Clock* clock, Limits limits,
                                         RunTask run_task)
    : clock_(*clock), limits_(limits), run_task_(std::move(run_task)) {}

std::optional<ComputedValue::Result> ComputedValueRunner::Ask(
    size_t subtree, const Oid& oid, const ComputedValue& computed,
    Asker* asker) {
  {
    MutexLock lock(mutex_);
    ForgetOldAnswers(asker->now);
    if (asker->first_answer == 0) asker->first_answer = answers_ + 1;
    Function& function = Find(subtree, oid);
    if (function.is_new && asker->now - function.answered < kNewAnswer) {
      function.is_new = false;
      return function.answer;
    }
    if (function.running || function.number >= asker->first_answer) {
      return AnswerOrWait(&function, asker);
    }
    if (!CanCall(function, asker->now)) {
      return Kept(function, asker->now,
                  absl::ResourceExhaustedError(absl::StrCat(
                      "absent: the functions of ", limits_.late_calls,
                      " other computed values of the subtree have "
                      "not returned yet")));
    }
    function.running = true;
    function.begun = asker->now;
    running_.push_back(&function);
  }
  const absl::Status begun = Call(oid, computed);
  MutexLock lock(mutex_);
  Function& function = Find(subtree, oid);
  if (!begun.ok()) return Kept(function, asker->now, begun);
  return AnswerOrWait(&function, asker);
}

bool ComputedValueRunner::Begin(size_t subtree, const Oid& oid,
                                const ComputedValue& computed,
                                Nanoseconds now) {
  {
    MutexLock lock(mutex_);
    Function& function = Find(subtree, oid);
    if (function.running || !CanCall(function, now)) return false;
    if (function.answer && now - function.answered < kNewAnswer) return false;
    function.running = true;
    function.begun = now;
    running_.push_back(&function);
  }
  return Call(oid, computed).ok();
}

bool ComputedValueRunner::BecomesInexact(const Oid& oid, bool is_inexact) {
  if (!is_inexact && !any_inexact_.load(std::memory_order_relaxed)) {
    return false;
  }
  MutexLock lock(inexact_mutex_);
  if (is_inexact) {
    any_inexact_ = true;
    return inexact_.size() < kMaxInexact && inexact_.insert(oid).second;
  }
  inexact_.erase(oid);
  any_inexact_ = !inexact_.empty();
  return false;
}

void ComputedValueRunner::Discard(const Oid& oid) {
  MutexLock lock(mutex_);
  const auto found = functions_.find(oid);
  if (found == functions_.end()) return;
  found->second.answer = std::nullopt;
  found->second.number = 0;
  found->second.is_new = false;
  found->second.discarded = found->second.running;
}

ComputedValueRunner::Function& ComputedValueRunner::Find(size_t subtree,
                                                         const Oid& oid) {
  Function& function = functions_[oid];
  function.subtree = subtree;
  return function;
}

bool ComputedValueRunner::CanCall(const Function& function,
                                  Nanoseconds now) const {
  size_t late = 0;
  size_t in_time = 0;
  for (const Function* const running : running_) {
    if (running->subtree != function.subtree) continue;
    ++(IsLate(*running, now) ? late : in_time);
  }
  if (late < limits_.late_calls) return true;
  return !function.was_late && in_time < kCallsBesideLateOnes;
}

std::optional<ComputedValue::Result> ComputedValueRunner::AnswerOrWait(
    Function* function, Asker* asker) {
  if (!function->running) {
    function->is_new = false;
    // A call whose answer a set has discarded leaves none.
    if (function->answer) return function->answer;
    return ComputedValue::Result(LateError());
  }
  // Nobody waits for a function that was late before: what it returns is for
  // later requests.
  const bool is_late = function->was_late || IsLate(*function, asker->now);
  const bool is_young = asker->now - function->begun < kMoment;
  if (!is_late && (asker->now < asker->deadline ||
                   (is_young && asker->now < asker->grace_deadline))) {
    // Once, though a request asks again each time that it is woken.
    if (function->waiting.empty() || function->waiting.back() != asker->waker) {
      function->waiting.push_back(asker->waker);
    }
    return std::nullopt;
  }
  return Kept(*function, asker->now, LateError());
}

ComputedValue::Result ComputedValueRunner::Kept(
    const Function& function, Nanoseconds now,
    const absl::Status& error) const {
  const bool is_kept =
      function.answer && now - function.answered <= limits_.kept_answer;
  return is_kept ? *function.answer : ComputedValue::Result(error);
}

absl::Status ComputedValueRunner::Call(const Oid& oid,
                                       const ComputedValue& computed) {
  // The task owns a copy of the function: the store may drop its own meanwhile.
  // It destroys the copy before the answer is served.
  auto task = [this, oid,
               copy = std::optional<ComputedValue>(computed)]() mutable {
    ComputedValue::Result answer =
        InvokeUserCallback([&] { return copy->Call(); });
    copy.reset();
    OnReturn(oid, std::move(answer));
  };
  if (run_task_(std::move(task))) return absl::OkStatus();
  MutexLock lock(mutex_);
  Function& function = functions_[oid];
  function.running = false;
  running_.erase(std::find(running_.begin(), running_.end(), &function));
  return absl::ResourceExhaustedError(
      "absent: there is no thread to compute it on");
}

void ComputedValueRunner::OnReturn(const Oid& oid,
                                   ComputedValue::Result answer) {
  const Nanoseconds now = clock_.Now();
  std::vector<std::shared_ptr<Waker>> waiting;
  {
    MutexLock lock(mutex_);
    Function& function = functions_[oid];
    function.was_late = IsLate(function, now);
    function.running = false;
    running_.erase(std::find(running_.begin(), running_.end(), &function));
    waiting.swap(function.waiting);
    if (!std::exchange(function.discarded, false)) {
      function.answer = std::move(answer);
      function.answered = now;
      function.number = ++answers_;
      function.is_new = true;
    }
  }
  for (const std::shared_ptr<Waker>& waker : waiting) waker->Wake();
}

void ComputedValueRunner::ForgetOldAnswers(Nanoseconds now) {
  if (now < next_forget_) return;
  next_forget_ = now + limits_.kept_answer;
  absl::erase_if(functions_, [&](const auto& entry) {
    const Function& function = entry.second;
    return !function.running && now - function.answered > limits_.kept_answer;
  });
}

}  // namespace passpersist::internal
