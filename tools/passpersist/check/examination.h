// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_EXAMINATION_H_
#define TOOLS_PASSPERSIST_CHECK_EXAMINATION_H_

#include <cstddef>
#include <map>
#include <optional>
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

namespace passpersist {

struct CheckOptions {
  std::vector<std::string> command;  // the program and its arguments

  // As in snmpd.conf. Without it the base is guessed from the names.
  std::optional<Oid> base;

  // A set that may really be made, "integer 5" for example. Without it one is
  // tried on a name that isn't there, as a get says.
  struct Assignment {
    Oid oid;
    std::string text;
  };
  std::optional<Assignment> set;

  // How long snmpd's users would wait for an answer, and from when on they
  // would notice.
  absl::Duration limit = absl::Seconds(5);
  absl::Duration slow = absl::Seconds(1);

  // For each round of questions whose number depends on the program, so that a
  // large table doesn't make the check endless.
  absl::Duration patience = absl::Seconds(1);
};

// An instance that a walk has found.
struct Instance {
  Oid oid;
  PassPersistReply reply;
};

// What is known of a program's names.
struct Names {
  enum class Walk {
    kBroken,  // not even that the ones that are known follow each other
    kCut,     // the first ones: there were too many, or they came too slowly
    kWhole,
  };

  Oid base;                         // empty until it is known
  std::vector<Instance> instances;  // ascending, below the base
  Walk walk = Walk::kBroken;
};

// What the checks know in common: the options, what earlier ones have found
// out, and the findings. Each check talks to a program that was started for it.
//
// Used by one thread at a time.
class Examination {
 public:
  explicit Examination(CheckOptions options);

  const CheckOptions& options() const { return options_; }

  // Starts the program, lets `talk` talk to it, looks at what it wrote to
  // standard error and how long its answers took, and kills it. If it can't be
  // started, `talk` isn't called, and stopped() is true.
  void Talk(absl::FunctionRef<void(Conversation&)> talk);

  // Of several findings with one id the first is kept, and the others are
  // counted.
  void Report(Finding finding);
  void Report(Finding::Severity severity, absl::string_view id,
              std::string what, const Conversation& talk,
              absl::string_view consequence);

  // Reports what PassPersistClient says went wrong, where nothing else can be
  // said about it. Nothing can be asked in this conversation afterwards.
  void ReportBroken(const absl::Status& status, Conversation& talk);

  bool Has(absl::string_view id) const { return index_.count(id) > 0; }

  // No further check makes sense.
  void Stop() { stopped_ = true; }
  bool stopped() const { return stopped_; }
  const absl::Status& start_status() const { return start_status_; }

  Names& names() { return names_; }
  const Names& names() const { return names_; }

  // False once requests were answered by too many lines, or not at all: checks
  // that make more of them would find the same again.
  bool in_step() const { return in_step_; }

  // The findings so far, and how slow the program is.
  std::vector<Finding> Finish();

 private:
  void LookBackAt(Conversation& talk);
  void ReportSilence(std::string what, Conversation& talk);

  const CheckOptions options_;
  absl::Status start_status_;
  bool stopped_ = false;
  bool in_step_ = true;
  Names names_;
  std::vector<Finding> findings_;
  std::vector<size_t> repeats_;                       // of each finding
  std::map<std::string, size_t, std::less<>> index_;  // by id
  absl::Duration slowest_;
  std::string slowest_request_;
};

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CHECK_EXAMINATION_H_
