// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_FAKE_SETTER_H_
#define PASSPERSIST_TESTING_FAKE_SETTER_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"

namespace passpersist_testing {

// Logs each step: "test .1.2 = Integer32 5", and the same with "commit", "undo"
// and "clean up"; of several bindings "test .1 = Integer32 5; .2 = Integer32
// 6". Every step succeeds unless the test sets an Outcome. Allows instances to
// be created.
//
// Used by one thread at a time.
class FakeSetter : public passpersist::Setter {
 public:
  using Log = std::vector<std::string>;

  // Returns the result of a step, given the step's line in the log. The result
  // of a clean-up is ignored.
  using Outcome = std::function<passpersist::SetResult(const std::string&)>;

  // `log` must outlive this object and its assignments.
  explicit FakeSetter(Log* log, Outcome outcome = nullptr);

  bool AllowsCreate(const passpersist::Oid&) const override { return true; }

  passpersist::TestResult Test(
      absl::Span<const passpersist::SetBinding> bindings) override;

  // Commits that succeed have this outcome. Default: the values as set.
  void Leave(passpersist::SetOutcome left) { left_ = std::move(left); }

 private:
  Log* const log_;
  const Outcome outcome_;
  passpersist::SetOutcome left_;
};

// Fails the steps whose line starts with `step` with `error`.
FakeSetter::Outcome FailAt(std::string step, passpersist::ErrorStatus error);

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_SETTER_H_
