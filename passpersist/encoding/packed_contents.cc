// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/packed_contents.h"

#include "absl/strings/str_cat.h"
#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::internal {

void PackedContents::AddError(const Oid& suffix, bool is_served,
                              absl::FunctionRef<absl::Status()> error) {
  AddError([&]() -> InstanceError {
    std::string name = Concat(root, suffix).ToString();
    const absl::Status why = error();
    absl::Status described(
        why.code(),
        absl::StrCat(name, is_served || is_strict ? ": " : " is left out: ",
                     why.message()));
    return {std::move(name), std::move(described)};
  });
}

void PackedContents::AddError(absl::FunctionRef<InstanceError()> error) {
  if (!is_strict) return errors->Add(error);
  if (status.ok()) status = error().status;
}

absl::Status PackedContents::OnPutTwice(absl::string_view key) const {
  const auto describe = [&]() -> InstanceError {
    std::string name = Concat(root, UnpackKey(key)).ToString();
    absl::Status error =
        absl::AlreadyExistsError(absl::StrCat(name, ": put twice"));
    return {std::move(name), std::move(error)};
  };
  if (is_strict) return describe().status;
  errors->Add(describe);
  return absl::OkStatus();
}

}  // namespace passpersist::internal
