// SPDX-License-Identifier: Apache-2.0
//
// Shows a Setter with Test(), Commit() and Undo() for several scalars, and the
// update of Contents beside it: one reading of the file has all values.

#include "examples/limits.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "examples/atomic_file.h"

using namespace passpersist;  // NOLINT: an example

namespace {

Oid Root() { return {1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 7}; }

struct Limits {
  int lower = 0;
  int upper = 100;
};

absl::StatusOr<Limits> Load(const std::string& file) {
  const absl::StatusOr<std::string> text = examples::ReadFile(file);
  if (absl::IsNotFound(text.status())) return Limits();  // before the first set
  if (!text.ok()) return text.status();
  const std::vector<std::string> fields =
      absl::StrSplit(*text, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  Limits limits;
  if (fields.size() != 2 || !absl::SimpleAtoi(fields[0], &limits.lower) ||
      !absl::SimpleAtoi(fields[1], &limits.upper)) {
    return absl::DataLossError("not two numbers in " + file);
  }
  return limits;
}

absl::Status Store(const std::string& file, const Limits& limits) {
  return examples::ReplaceFile(
      file, absl::StrCat(limits.lower, " ", limits.upper, "\n"));
}

class LimitsAssignment : public Assignment {
 public:
  LimitsAssignment(std::string file, const Limits& before, const Limits& after)
      : file_(std::move(file)), before_(before), after_(after) {}

  CommitResult Commit() override {
    const absl::Status stored = Store(file_, after_);
    if (!stored.ok()) return absl::UnavailableError(stored.message());
    Changes changes;
    changes.Put({1, 0}, Integer32{after_.lower});
    changes.Put({2, 0}, Integer32{after_.upper});
    changes.Put({3, 0}, Integer32{after_.upper - after_.lower});
    return SetOutcome::Changed(std::move(changes));
  }

  SetResult Undo() override {
    const absl::Status stored = Store(file_, before_);
    return stored.ok() ? SetResult(ErrorStatus::kNoError) : stored;
  }

 private:
  const std::string file_;
  const Limits before_;
  const Limits after_;
};

class LimitsSetter : public Setter {
 public:
  explicit LimitsSetter(std::string file) : file_(std::move(file)) {}

  TestResult Test(absl::Span<const SetBinding> bindings) override {
    const absl::StatusOr<Limits> before = Load(file_);
    if (!before.ok()) return absl::UnavailableError(before.status().message());
    Limits after = *before;
    for (size_t i = 0; i < bindings.size(); ++i) {
      const auto& [suffix, value] = bindings[i];
      if (suffix == Oid{3, 0}) return {ErrorStatus::kNotWritable, i};
      const int number = std::get<Integer32>(value).value;
      if (number < 0) return {ErrorStatus::kWrongValue, i};
      (suffix == Oid{1, 0} ? after.lower : after.upper) = number;
    }
    // After all bindings: one SET may raise both limits.
    if (after.lower > after.upper) return ErrorStatus::kInconsistentValue;
    return std::make_unique<LimitsAssignment>(file_, *before, after);
  }

 private:
  const std::string file_;
};

}  // namespace

std::unique_ptr<Setter> MakeLimitsSetter(std::string file) {
  return std::make_unique<LimitsSetter>(std::move(file));
}

void AddLimits(AgentBuilder& builder, const std::string& file) {
  builder
      .AddSubtree(
          Root(), absl::Minutes(1),
          [file](Contents& contents) {
            const absl::StatusOr<Limits> limits = Load(file);
            if (!limits.ok()) return limits.status();
            contents.Put({1, 0}, Integer32{limits->lower});
            contents.Put({2, 0}, Integer32{limits->upper});
            contents.Put({3, 0}, Integer32{limits->upper - limits->lower});
            return absl::OkStatus();
          })
      .AddSetter(Root(), MakeLimitsSetter(file));
}
