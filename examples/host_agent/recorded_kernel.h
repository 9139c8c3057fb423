// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_RECORDED_KERNEL_H_
#define EXAMPLES_HOST_AGENT_RECORDED_KERNEL_H_

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace host_agent {

// A copy of the kernel's files in testdata/, which a test can change. The
// numbers are of 2026, edited so that each column has a value.
//
// Used by one thread at a time.
class RecordedKernel {
 public:
  RecordedKernel() {
    std::filesystem::remove_all(directory_);
    std::filesystem::copy("examples/host_agent/testdata", directory_,
                          std::filesystem::copy_options::recursive);
  }

  std::string proc() const { return directory_ / "proc"; }
  std::string sys() const { return directory_ / "sys"; }

  // Paths begin with "proc/" or "sys/". Write() creates missing directories.
  void Write(const std::string& path, absl::string_view text) const {
    std::filesystem::create_directories((directory_ / path).parent_path());
    std::ofstream(directory_ / path) << text;
  }
  void Remove(const std::string& path) const {
    std::filesystem::remove_all(directory_ / path);
  }

 private:
  const std::filesystem::path directory_ =
      std::filesystem::path(testing::TempDir()) / "recorded_kernel";
};

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_RECORDED_KERNEL_H_
