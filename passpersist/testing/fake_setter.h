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

namespace passpersist_testing {

// Writes down what it is told: "test .1.2 = Integer32 5", and the same with
// "commit", "undo" and "clean up". Every step succeeds unless the test says
// otherwise. It may create instances.
//
// Used by one thread at a time.
class FakeSetter : public passpersist::Setter {
 public:
  using Log = std::vector<std::string>;

  // Decides how a step ends, given the line that was written for it. (A
  // clean-up just ends.)
  using Outcome = std::function<passpersist::SetResult(const std::string&)>;

  // `log` must outlive this and its assignments.
  explicit FakeSetter(Log* log, Outcome outcome = nullptr);

  bool AllowsCreate(const passpersist::Oid&) const override { return true; }

  passpersist::SetResult Test(
      const passpersist::VarBind& binding,
      std::unique_ptr<passpersist::Assignment>* assignment) override;

 private:
  Log* const log_;
  const Outcome outcome_;
};

// Lets all steps succeed but those whose line starts with `step`.
FakeSetter::Outcome FailAt(std::string step, passpersist::ErrorStatus error);

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_SETTER_H_
