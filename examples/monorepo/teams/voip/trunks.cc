#include "teams/voip/trunks.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace acme {

using passpersist::Contents;
using passpersist::ErrorStatus;
using passpersist::Integer32;
using passpersist::MakeSetter;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::VarBind;

namespace fs = std::filesystem;

namespace {

constexpr char kRoot[] = ".1.3.6.1.4.1.32473.2";
constexpr uint32_t kName = 2;
constexpr uint32_t kEnabled = 3;

constexpr int32_t kTrue = 1;
constexpr int32_t kFalse = 2;

absl::Status ReadTrunks(const fs::path& folder, Contents& contents) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; entry != end;
       entry.increment(error)) {
    uint32_t number;
    if (!absl::SimpleAtoi(entry->path().filename().string(), &number)) continue;
    std::string name;
    std::getline(std::ifstream(entry->path()), name);
    const bool is_off = fs::exists(entry->path().string() + ".off");
    contents.Put({1, 1, kName, number}, OctetString{name}, "trunk");
    contents.Put({1, 1, kEnabled, number}, Integer32{is_off ? kFalse : kTrue},
                 "enabled");
  }
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat(folder.string(), ": ", error.message()));
}

// `binding` is for column kEnabled, of the type that the column has.
ErrorStatus SetEnabled(const fs::path& folder, const VarBind& binding) {
  const std::string number = std::to_string(binding.oid.back());
  const int32_t wanted = std::get<Integer32>(binding.value).value;
  if (wanted != kTrue && wanted != kFalse) return ErrorStatus::kWrongValue;
  if (!fs::exists(folder / number)) return ErrorStatus::kNoCreation;
  const fs::path off = folder / (number + ".off");
  std::error_code error;
  if (wanted == kTrue) {
    fs::remove(off, error);
  } else {
    std::ofstream file(off);
    if (!file) error = std::make_error_code(std::errc::io_error);
  }
  return error ? ErrorStatus::kResourceUnavailable : ErrorStatus::kNoError;
}

}  // namespace

void AddTrunks(passpersist::AgentBuilder& builder, const std::string& folder) {
  builder.AddSubtree(
      Oid::Parse(kRoot), absl::Seconds(5),
      [folder](Contents& contents) { return ReadTrunks(folder, contents); });
  builder.AddSetter(Oid::Parse(absl::StrCat(kRoot, ".1.1.", kEnabled)),
                    MakeSetter([folder](const VarBind& binding) {
                      return SetEnabled(folder, binding);
                    }));
}

}  // namespace acme
