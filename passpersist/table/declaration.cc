// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/declaration.h"

#include <algorithm>
#include <utility>

#include "absl/base/attributes.h"
#include "absl/base/const_init.h"
#include "absl/base/optimization.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/table/index_codec.h"

namespace passpersist::table_internal {
namespace {

// Keeps the declarations reachable, so that no leak is reported.
void Keep(Declaration* declaration) {
  ABSL_CONST_INIT static absl::Mutex mutex(absl::kConstInit);
  static auto* const declarations = new std::vector<Declaration*>;
  internal::MutexLock lock(mutex);
  declarations->push_back(declaration);
}

// The number of arcs that both OIDs begin with.
size_t CommonArcs(const Oid& a, const Oid& b) {
  size_t arcs = 0;
  while (arcs < a.size() && arcs < b.size() && a[arcs] == b[arcs]) ++arcs;
  return arcs;
}

}  // namespace

Declaration* Declaration::New(const Oid& oid) {
  auto* const declaration = new Declaration;
  Keep(declaration);
  declaration->oid = oid;
  return declaration;
}

Declaration* Declaration::New(absl::string_view oid) {
  absl::StatusOr<Oid> parsed = Oid::Parse(oid);
  if (parsed.ok()) return New(*parsed);
  Declaration* const declaration = New(Oid());
  declaration->AddError(parsed.status());
  return declaration;
}

void Declaration::AddError(const absl::Status& error) {
  status.Update(absl::Status(
      error.code(),
      absl::StrCat("table ", oid.ToString(), ": ", error.message())));
}

void Declaration::AddColumn(uint32_t id, Source source, const Column::Ops* ops,
                            bool is_accessible) {
  // A sub-identifier of 0 is reserved (RFC 2578 section 7.10).
  if (id == 0) AddError(absl::InvalidArgumentError("a column has number 0"));
  const auto at = std::lower_bound(
      columns.begin(), columns.end(), id,
      [](const Column& column, uint32_t key) { return column.id < key; });
  if (at != columns.end() && at->id == id) {
    return AddError(absl::InvalidArgumentError(
        absl::StrCat("column ", id, " is declared twice")));
  }
  columns.insert(at, {id, std::move(source), ops, is_accessible});
}

void Declaration::AddColumn(uint32_t id, size_t offset, size_t octets,
                            const Column::Ops* ops, bool is_accessible) {
  AddColumn(id, {offset, nullptr, octets}, ops, is_accessible);
}

absl::Status Declaration::EncodeIndex(const void* row, size_t arcs_before,
                                      Oid* index) const {
  index->clear();
  for (size_t i = 0; i < parts.size(); ++i) {
    const absl::Status encoded =
        parts[i].ops->encode(parts[i].source, row, index);
    if (ABSL_PREDICT_TRUE(encoded.ok())) continue;
    return parts.size() == 1 ? encoded
                             : index_internal::AnnotatePart(encoded, i + 1);
  }
  return index_internal::CheckArcs(*index, arcs_before);
}

bool Declaration::DecodeIndex(absl::Span<const uint32_t> index,
                              void* row) const {
  absl::Span<const uint32_t> rest = index;
  for (const Part& part : parts) {
    if (part.ops->decode == nullptr ||
        !part.ops->decode(part.source, &rest, row)) {
      return false;
    }
  }
  // A part may decode more than it encodes: see IndexPart.
  Oid encoded;
  return rest.empty() && EncodeIndex(row, 0, &encoded).ok() &&
         encoded.arcs() == index;
}

const Column* Declaration::Find(uint32_t id) const {
  for (const Column& column : columns) {
    if (column.id == id) return &column;
  }
  return nullptr;
}

Declaration::Layout Declaration::MakeLayout() const {
  Layout layout;
  layout.base_arcs = oid.size();
  for (const std::optional<Oid>* const object : {&row_count, &last_change}) {
    if (!object->has_value()) continue;
    layout.base_arcs = std::min(layout.base_arcs, CommonArcs(oid, **object));
  }
  const auto suffix_of = [&](const Oid& name, uint32_t last) {
    return Concat(Oid(name.ArcsFrom(layout.base_arcs)), {last});
  };
  layout.entry = suffix_of(oid, 1);
  if (row_count) layout.row_count = suffix_of(*row_count, 0);
  if (last_change) layout.last_change = suffix_of(*last_change, 0);
  return layout;
}

absl::StatusOr<Oid> Declaration::RootBelow(
    const absl::StatusOr<Oid>& root) const {
  if (!root.ok()) return root.status();
  if (!status.ok()) return status;
  Oid table = Concat(*root, oid);
  const bool is_served =
      std::any_of(columns.begin(), columns.end(),
                  [](const Column& column) { return column.is_accessible; });
  if (!is_served) {
    return absl::InvalidArgumentError(
        absl::StrCat("table ", table.ToString(), " has no column to serve"));
  }
  // The arcs of the entry and the column.
  const size_t arcs = table.size() + 2 + min_index_arcs;
  if (arcs > Oid::kMaxArcs) {
    return absl::OutOfRangeError(
        absl::StrCat("table ", table.ToString(), ": a name has at least ", arcs,
                     " arcs, more than ", Oid::kMaxArcs));
  }
  return table;
}

}  // namespace passpersist::table_internal
