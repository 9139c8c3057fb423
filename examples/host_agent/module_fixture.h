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

// A fixture for the tests of one library: an agent that consists only of this
// library and reads recorded files.
class ModuleTest : public testing::Test {
 protected:
  // `directory` selects the directory of the files in kernel_. Get() adds
  // `base` to a suffix.
  ModuleTest(void (*add)(passpersist::AgentBuilder&,
                         const std::string& directory),
             std::string (RecordedKernel::*directory)() const,
             absl::string_view base)
      : add_(*add), directory_((kernel_.*directory)()), base_(base) {}

  passpersist::AgentBuilder Builder() {
    passpersist::AgentBuilder builder;
    builder.SetStoreFactory(passpersist::TrieStore::Factory())
        .OnError(errors_.Hook());
    add_(builder, directory_);
    return builder;
  }

  std::string Get(passpersist_testing::FakeSnmpd& snmpd,
                  absl::string_view suffix) const {
    return snmpd.Get(absl::StrCat(base_, ".", suffix));
  }

  const RecordedKernel kernel_;
  passpersist_testing::ErrorLog errors_;

 private:
  void (&add_)(passpersist::AgentBuilder&, const std::string& directory);
  const std::string directory_;
  const std::string base_;
};

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_MODULE_FIXTURE_H_
