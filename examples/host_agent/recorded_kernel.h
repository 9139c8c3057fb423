// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_RECORDED_KERNEL_H_
#define EXAMPLES_HOST_AGENT_RECORDED_KERNEL_H_

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace host_agent {

// A copy of the files that testdata/ has of a machine's kernel, for a test to
// change: numbers of 2026, edited so that each column has something to show.
//
// Used by one thread at a time.
class RecordedKernel {
 public:
  RecordedKernel() {
    std::filesystem::remove_all(folder_);
    std::filesystem::copy("examples/host_agent/testdata", folder_,
                          std::filesystem::copy_options::recursive);
  }

  std::string proc() const { return folder_ / "proc"; }
  std::string sys() const { return folder_ / "sys"; }

  // Paths begin with "proc/" or "sys/"; folders are made.
  void Write(const std::string& path, absl::string_view text) const {
    std::filesystem::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path) << text;
  }
  void Remove(const std::string& path) const {
    std::filesystem::remove_all(folder_ / path);
  }

 private:
  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / "recorded_kernel";
};

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_RECORDED_KERNEL_H_
