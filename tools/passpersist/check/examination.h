// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_EXAMINATION_H_
#define TOOLS_PASSPERSIST_CHECK_EXAMINATION_H_

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/conversation.h"
#include "tools/passpersist/check/finding.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist::tool {

struct CheckOptions {
  std::vector<std::string> command;  // the program and its arguments

  // The base of the program's line in snmpd.conf. Without it the base is
  // guessed from the names.
  std::optional<Oid> base;

  // A set that the check may carry out; `text` is for example "integer 5".
  // Without it, the check sets a name for which a get returns no value.
  struct Assignment {
    Oid oid;
    std::string text;
  };
  std::optional<Assignment> set;

  // How long snmpd's clients would wait for an answer, and the duration from
  // which an answer is reported as slow.
  absl::Duration limit = absl::Seconds(5);
  absl::Duration slow = absl::Seconds(1);

  // The time for each sequence of requests whose number depends on the program,
  // so that a large table doesn't make the check endless.
  absl::Duration round_limit = absl::Seconds(1);
};

// An instance that the walk has found.
struct Instance {
  Oid oid;
  PassPersistReply reply;
};

// Returns true if the answer has a value. With a type that snmpd doesn't know,
// a program lets rows be created, so there is none.
bool IsPresent(const PassPersistReply& reply);

// What is known about a program's names.
struct Names {
  enum class Walk {
    kBroken,  // `instances` may be incomplete between its first and last name
    kCut,     // `instances` is the begin of the walk: too many, or too slow
    kWhole,   // `instances` is complete
  };

  Oid base;  // empty until known
  // Ascending, below the base. Of the walk, and then those that it misses, too.
  std::vector<Instance> instances;
  Walk walk = Walk::kBroken;
};

// The common state of the checks: the options, the results of earlier checks,
// and the findings. Each check starts the program for itself.
//
// Used by one thread at a time.
class Examination {
 public:
  explicit Examination(CheckOptions options);

  const CheckOptions& options() const { return options_; }

  // Starts the program, calls `check`, evaluates the program's standard error
  // and the duration of its answers, and kills it. If the program can't be
  // started, `check` is not called, and stopped() becomes true.
  void RunProgram(absl::FunctionRef<void(Conversation&)> check);

  // Adds a finding. Of several findings with the same id, the first is kept and
  // the others are counted.
  void Report(Finding finding);
  void Report(Finding::Severity severity, absl::string_view id,
              std::string what, const Conversation& conversation,
              absl::string_view consequence);

  // Reports an error of PassPersistClient that a check has no finding of its
  // own for. No request can be sent in this conversation afterwards.
  void ReportBroken(const absl::Status& status, Conversation& conversation);

  bool Has(absl::string_view id) const { return index_.count(id) > 0; }

  // Leaves out the finding with this id, whether it was reported before or will
  // be reported: another finding is its cause.
  void Explain(absl::string_view id) { explained_.emplace(id); }

  // Skips all further checks.
  void Stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }
  const absl::Status& start_status() const { return start_status_; }

  Names& names() { return names_; }
  const Names& names() const { return names_; }

  // Returns false once a request was answered with too many lines or not at
  // all. Checks with more requests would then report the same again.
  bool in_sync() const { return in_sync_; }

  // Returns the findings so far, including "slow": errors before warnings, each
  // in the order in which they were reported.
  std::vector<Finding> Finish();

 private:
  void EvaluateRun(Conversation& conversation);
  void ReportSilence(std::string what, Conversation& conversation);

  const CheckOptions options_;
  absl::Status start_status_;
  bool stopped_ = false;
  bool in_sync_ = true;
  Names names_;
  std::vector<Finding> findings_;
  std::vector<size_t> repeats_;                       // for each finding
  std::map<std::string, size_t, std::less<>> index_;  // by id
  std::set<std::string, std::less<>> explained_;
  absl::Duration slowest_;
  std::string slowest_request_;
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_EXAMINATION_H_
