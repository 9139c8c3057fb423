// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_BUILDER_SPEC_H_
#define PASSPERSIST_AGENT_BUILDER_SPEC_H_

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "passpersist/agent/agent_impl.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/subtree_update.h"
#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/setter.h"
#include "passpersist/table/declaration.h"

namespace passpersist {

// What the builder was told, and the checks of it.
//
// Used by one thread at a time.
struct AgentBuilder::Spec {
  // The problems of a specification, in the order in which Build() finds them.
  class Problems {
   public:
    template <typename... Pieces>
    void Add(const Pieces&... pieces) {
      problems_.push_back(absl::StrCat(pieces...));
    }

    absl::Status status() const {
      if (problems_.empty()) return absl::OkStatus();
      return absl::InvalidArgumentError(absl::StrCat(
          "no agent can be built: ", absl::StrJoin(problems_, "; ")));
    }

   private:
    std::vector<std::string> problems_;
  };

  // Where a subtree is served that has no update but something to serve.
  struct Target {
    std::shared_ptr<OidStore> store;
    Oid root;
    std::function<absl::Time()> sys_up_time_zero;
    std::shared_ptr<internal::ErrorReporter> errors;
  };
  using FillFn = std::function<absl::Status(const Target& target)>;
  // The target has no store yet.
  using OpenFn = std::function<std::shared_ptr<OidStore>(const Target& target)>;

  struct SubtreeSpec {
    absl::StatusOr<Oid> root;
    std::shared_ptr<OidStore> store;          // null: the factory makes it
    internal::SubtreeUpdate::Options update;  // without a function: none
    SubtreeOptions options;
    FillFn fill;  // null: nothing at first

    OpenFn open = nullptr;  // makes the store; null: the factory does
    const table_internal::Declaration* table = nullptr;  // null: not a table

    // See Subtree. Set by FindRegions().
    Oid base = {};
    std::vector<Oid> regions = {};
  };

  struct SetterSpec {
    absl::StatusOr<Oid> root;
    std::unique_ptr<Setter> setter;
  };

  Spec();

  void FindRegions();
  void CheckParts(Problems* problems) const;
  void CheckSubtrees(Problems* problems) const;
  static void CheckUpdate(const std::string& name, const SubtreeSpec& spec,
                          Problems* problems);
  void CheckSetters(Problems* problems) const;
  void CheckSecrets(Problems* problems) const;
  std::set<Oid> RegionRoots() const;
  void RemoveWhatIsNotServed(Problems* problems);
  // False if the only request of the peer is for other subtrees.
  bool MayAnswer(const std::vector<Oid>& regions) const;
  std::shared_ptr<internal::ErrorReporter> MakeErrorReporter();

  internal::AgentParts parts;
  StoreFactory store_factory;
  std::vector<SubtreeSpec> subtrees;
  std::vector<SetterSpec> setters;
  std::vector<absl::StatusOr<Oid>> secrets;
  std::vector<absl::AnyInvocable<void(AgentMonitor&)>> build_callbacks;
  absl::StatusOr<Oid> base = Oid();
  bool requires_durable_setters = false;
};

}  // namespace passpersist

#endif  // PASSPERSIST_AGENT_BUILDER_SPEC_H_
