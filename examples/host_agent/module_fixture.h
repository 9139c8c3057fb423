// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_MODULE_FIXTURE_H_
#define EXAMPLES_HOST_AGENT_MODULE_FIXTURE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "examples/host_agent/recorded_kernel.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/testing/error_log.h"
#include "store/trie_store.h"
#include "transport/testing/fake_snmpd.h"

namespace host_agent {

// For the tests of one of the libraries: an agent that consists of it alone, on
// recorded files.
class ModuleTest : public testing::Test {
 protected:
  // `folder` is that of the files, in kernel_. Names are told without `base`.
  ModuleTest(void (*add)(passpersist::AgentBuilder&, const std::string& folder),
             std::string (RecordedKernel::*folder)() const,
             absl::string_view base)
      : add_(*add), folder_((kernel_.*folder)()), base_(base) {}

  passpersist::AgentBuilder Builder() {
    passpersist::AgentBuilder builder;
    builder.SetStoreFactory(passpersist::TrieStore::Factory())
        .OnError(errors_.Hook());
    add_(builder, folder_);
    return builder;
  }

  std::string Get(passpersist_testing::FakeSnmpd& snmpd,
                  absl::string_view suffix) const {
    return snmpd.Get(absl::StrCat(base_, ".", suffix));
  }

  const RecordedKernel kernel_;
  passpersist_testing::ErrorLog errors_;

 private:
  void (&add_)(passpersist::AgentBuilder&, const std::string& folder);
  const std::string folder_;
  const std::string base_;
};

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_MODULE_FIXTURE_H_
