// SPDX-License-Identifier: Apache-2.0

#include "teams/voip/trunks.h"

#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/table/table.h"
#include "passpersist/value.h"

namespace acme {

using passpersist::ErrorStatus;
using passpersist::Integer32;
using passpersist::MakeSetter;
using passpersist::Oid;
using passpersist::SetResult;
using passpersist::Table;
using passpersist::Value;

namespace fs = std::filesystem;

namespace {

constexpr uint32_t kEnabled = 3;

constexpr int32_t kTrue = 1;
constexpr int32_t kFalse = 2;

Oid Root() { return {1, 3, 6, 1, 4, 1, 32473, 2}; }

struct Trunk {
  uint32_t number = 0;
  std::string name;
  bool enabled = true;
};

const auto kTrunks = Table<Trunk>({1})
                         .Index(&Trunk::number)
                         .Column(2, &Trunk::name)
                         .Column(kEnabled, &Trunk::enabled);

absl::Status Unavailable(const fs::path& path, const std::error_code& error) {
  return absl::UnavailableError(
      absl::StrCat(path.string(), ": ", error.message()));
}

absl::Status ReadTrunks(const fs::path& directory, std::vector<Trunk>& trunks) {
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; entry != end;
       entry.increment(error)) {
    const std::string path = entry->path().string();
    const std::string file = entry->path().filename().string();
    Trunk trunk;
    if (!absl::SimpleAtoi(file, &trunk.number) ||
        file != absl::StrCat(trunk.number)) {
      continue;
    }
    if (!std::getline(std::ifstream(path), trunk.name)) {
      return absl::UnavailableError("no name in " + path);
    }
    trunk.enabled = !fs::exists(path + ".off", error);
    if (error) break;
    trunks.push_back(trunk);
  }
  return error ? Unavailable(directory, error) : absl::OkStatus();
}

SetResult SetEnabled(const fs::path& directory, const Oid& suffix,
                     const Value& value) {
  const auto* const requested = std::get_if<Integer32>(&value);
  if (requested == nullptr) return ErrorStatus::kWrongType;
  if (requested->value != kTrue && requested->value != kFalse) {
    return ErrorStatus::kWrongValue;
  }
  if (suffix.size() != 1) return ErrorStatus::kNoCreation;  // a longer name
  const uint32_t number = suffix.back();
  const std::string trunk = directory / absl::StrCat(number);
  std::error_code error;
  const bool exists = fs::exists(trunk, error);
  if (error) return Unavailable(trunk, error);
  if (!exists) return ErrorStatus::kNoCreation;
  const std::string off_file = trunk + ".off";
  if (requested->value == kTrue) {
    fs::remove(off_file, error);
  } else if (!std::ofstream(off_file)) {
    error.assign(errno, std::generic_category());
  }
  if (error) return Unavailable(off_file, error);
  return ErrorStatus::kNoError;
}

}  // namespace

void AddTrunks(passpersist::AgentBuilder& builder,
               const std::string& directory) {
  builder.AddTable(Root(), absl::Seconds(5), kTrunks,
                   [directory](std::vector<Trunk>& trunks) {
                     return ReadTrunks(directory, trunks);
                   });
  builder.AddSetter(
      Concat(Root(), {1, 1, kEnabled}),
      MakeSetter([directory](const Oid& suffix, const Value& value) {
        return SetEnabled(directory, suffix, value);
      }));
}

}  // namespace acme
