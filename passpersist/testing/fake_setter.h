// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_FAKE_SETTER_H_
#define PASSPERSIST_TESTING_FAKE_SETTER_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/value.h"

namespace passpersist_testing {

// Logs each step: "test .1.2 = Integer32 5", and the same with "commit", "undo"
// and "clean up". Every step succeeds unless the test sets an Outcome. Allows
// instances to be created.
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

  passpersist::SetResult Test(
      const passpersist::Oid& suffix, const passpersist::Value& value,
      std::unique_ptr<passpersist::Assignment>* assignment) override;

 private:
  Log* const log_;
  const Outcome outcome_;
};

// Fails the steps whose line starts with `step` with `error`.
FakeSetter::Outcome FailAt(std::string step, passpersist::ErrorStatus error);

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_SETTER_H_
