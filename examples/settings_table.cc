// SPDX-License-Identifier: Apache-2.0

#include "examples/settings_table.h"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "examples/atomic_file.h"
#include "examples/ini_file.h"

using namespace passpersist;  // NOLINT: an example

namespace {

using examples::IniFile;

constexpr size_t kMaxSize = 255;

Oid Root() { return {1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 5}; }
Oid ValueColumn() { return {1, 3}; }

Oid IndexOf(const IniFile::Setting& setting) {
  return Concat(EncodeString(setting.section), EncodeString(setting.key));
}

absl::StatusOr<IniFile> Read(const std::string& file) {
  absl::StatusOr<std::string> text = examples::ReadFile(file);
  if (!text.ok()) return text.status();
  return IniFile::Parse(*std::move(text), file);
}

absl::Status Update(const std::string& file, Contents& contents) {
  const absl::StatusOr<IniFile> ini = Read(file);
  if (!ini.ok()) return ini.status();
  for (const IniFile::Setting& setting : ini->settings()) {
    contents.Put(Concat(ValueColumn(), IndexOf(setting)),
                 OctetString{setting.value},
                 absl::StrCat("[", setting.section, "] ", setting.key));
  }
  return absl::OkStatus();
}

// Maps every error of the file to Unavailable, which a manager receives as
// resourceUnavailable.
absl::Status Unavailable(const absl::Status& status) {
  return absl::UnavailableError(status.message());
}

SetResult SetInFile(const std::string& file, const Oid& index,
                    const Value& value) {
  const auto* const text = std::get_if<OctetString>(&value);
  if (text == nullptr) return ErrorStatus::kWrongType;
  if (text->bytes.size() > kMaxSize) return ErrorStatus::kWrongLength;
  if (!IniFile::CanHold(text->bytes)) return ErrorStatus::kWrongValue;
  const absl::StatusOr<IniFile> ini = Read(file);
  if (!ini.ok()) return Unavailable(ini.status());
  const std::vector<IniFile::Setting>& settings = ini->settings();
  const auto setting = std::find_if(
      settings.begin(), settings.end(),
      [&](const IniFile::Setting& s) { return IndexOf(s) == index; });
  if (setting == settings.end()) return ErrorStatus::kNoCreation;
  const absl::Status stored =
      examples::ReplaceFile(file, ini->TextWith(*setting, text->bytes));
  if (!stored.ok()) return Unavailable(stored);
  return ErrorStatus::kNoError;
}

}  // namespace

void AddSettings(AgentBuilder& builder, const std::string& file) {
  builder
      .AddSubtree(Root(), absl::Seconds(1),
                  [file](Contents& contents) { return Update(file, contents); })
      .AddSetter(Concat(Root(), ValueColumn()),
                 MakeSetter([file](const Oid& index, const Value& value) {
                   return SetInFile(file, index, value);
                 }));
}
