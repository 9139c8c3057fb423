// SPDX-License-Identifier: Apache-2.0
//
// Shows a Setter of one column of a Table.

#include "examples/settings_table.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "examples/atomic_file.h"
#include "examples/ini_file.h"
#include "passpersist/setter.h"
#include "passpersist/table/table.h"

using namespace passpersist;  // NOLINT: an example

namespace {

using examples::IniFile;

constexpr size_t kMaxSize = 255;

Oid Root() { return {1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 5}; }

const auto kSettings =
    Table<IniFile::Setting>(Oid())  // the root
        .Index(&IniFile::Setting::section, &IniFile::Setting::key)
        .Column(3, &IniFile::Setting::value);

absl::StatusOr<IniFile> Read(const std::string& file) {
  absl::StatusOr<std::string> text = examples::ReadFile(file);
  if (!text.ok()) return text.status();
  return IniFile::Parse(*std::move(text), file);
}

absl::StatusOr<std::vector<IniFile::Setting>> ReadSettings(
    const std::string& file) {
  const absl::StatusOr<IniFile> ini = Read(file);
  if (!ini.ok()) return ini.status();
  return ini->settings();
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
  const auto key = kSettings.KeyOf(index.arcs());
  if (!key) return ErrorStatus::kNoCreation;
  const absl::StatusOr<IniFile> ini = Read(file);
  if (!ini.ok()) return Unavailable(ini.status());
  const std::vector<IniFile::Setting>& settings = ini->settings();
  const auto setting = std::find_if(settings.begin(), settings.end(),
                                    [&](const IniFile::Setting& s) {
                                      return std::tie(s.section, s.key) == *key;
                                    });
  if (setting == settings.end()) return ErrorStatus::kNoCreation;
  const absl::Status stored =
      examples::ReplaceFile(file, ini->TextWith(*setting, text->bytes));
  if (!stored.ok()) return Unavailable(stored);
  return ErrorStatus::kNoError;
}

}  // namespace

void AddSettings(AgentBuilder& builder, const std::string& file) {
  builder
      .AddTable(Root(), absl::Seconds(1), kSettings,
                [file] { return ReadSettings(file); })
      .AddSetter(Concat(Root(), {1, 3}),
                 MakeSetter([file](const Oid& index, const Value& value) {
                   return SetInFile(file, index, value);
                 }));
}
