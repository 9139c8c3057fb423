// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/computed_store.h"

#include <atomic>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passpersist/base/invoke_user_callback.h"
#include "passpersist/base/request_guard.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/stored_value.h"

namespace passpersist::computed_internal {
namespace {

// The arc of the entry of a table, before the column.
constexpr uint32_t kEntry = 1;
// The arcs before the index.
constexpr size_t kPrefixArcs = 2;

class ComputedSnapshot : public Snapshot,
                         public std::enable_shared_from_this<ComputedSnapshot> {
 public:
  ComputedSnapshot(std::shared_ptr<const UntypedRows> rows,
                   std::vector<uint32_t> columns, ErrorFunction report)
      : rows_(std::move(rows)),
        columns_(std::move(columns)),
        report_(std::move(report)) {}

  std::unique_ptr<Iterator> NewIterator() const override;
  size_t size() const override {
    size_t rows = 0;
    Read([&] { rows = rows_->size(); });
    return rows * columns_.size();
  }
  bool IsNewest() const override { return true; }

  const UntypedRows& rows() const { return *rows_; }
  const std::vector<uint32_t>& columns() const { return columns_; }

  // Calls `read` while the guard is held. Returns false, and reports it, if a
  // function of the application throws.
  bool Read(absl::FunctionRef<void()> read) const {
    const absl::Status status = rows_->Read(read);
    Report(status);
    return status.ok();
  }

  // Never while a guard is held.
  void Report(const absl::Status& error) const {
    if (error.ok()) return;
    internal::RequestGuard::ReleaseCurrent();
    report_(error);
  }

  // Reports the first error of each kind.
  void ReportDisorder(const absl::Status& error) const {
    if (!error.ok() && !disorder_reported_.exchange(true)) Report(error);
  }
  void ReportIndex(const absl::Status& error) const {
    if (!error.ok() && !index_reported_.exchange(true)) Report(error);
  }

 private:
  const std::shared_ptr<const UntypedRows> rows_;
  const std::vector<uint32_t> columns_;
  const ErrorFunction report_;
  mutable std::atomic<bool> disorder_reported_ = false;
  mutable std::atomic<bool> index_reported_ = false;
};

// Keeps no row between two calls, since rows come and go meanwhile: each call
// searches the row of the present name again.
class ComputedIterator : public Iterator {
 public:
  explicit ComputedIterator(std::shared_ptr<const ComputedSnapshot> snapshot)
      : snapshot_(std::move(snapshot)) {}

  bool Valid() const override { return valid_; }

  void SeekToFirst() override {
    last_.clear();
    Find(0, /*exclusive=*/false);
  }

  void Seek(const Oid& suffix) override {
    size_t column = 0;
    last_.clear();
    if (!suffix.empty() && suffix[0] > kEntry) {
      column = columns().size();
    } else if (suffix.size() >= kPrefixArcs && suffix[0] == kEntry) {
      const auto position =
          std::lower_bound(columns().begin(), columns().end(), suffix[1]);
      column = static_cast<size_t>(position - columns().begin());
      const bool has_column =
          position != columns().end() && *position == suffix[1];
      if (has_column) last_.Assign(suffix.ArcsFrom(kPrefixArcs));
    }
    Find(column, /*exclusive=*/false);
  }

  void Next() override {
    last_.Assign(suffix_.ArcsFrom(kPrefixArcs));
    Find(column_, /*exclusive=*/true);
  }

  const Oid& suffix() const override { return suffix_; }
  const StoredValue& value() const override { return value_; }
  absl::string_view label() const override { return {}; }

 private:
  const std::vector<uint32_t>& columns() const { return snapshot_->columns(); }

  // Moves to the first cell from `last_` on, or after it if exclusive, in the
  // column with this position or a later one.
  void Find(size_t column, bool exclusive) {
    valid_ = false;
    disorder_ = absl::OkStatus();
    index_error_ = absl::OkStatus();
    cell_error_ = absl::OkStatus();
    if (column == columns().size()) return;
    const bool is_read = snapshot_->Read([&] {
      for (column_ = column; column_ < columns().size(); ++column_) {
        valid_ = FindInColumn(exclusive);
        if (valid_) return;
        last_.clear();
        exclusive = false;
      }
    });
    if (!is_read) valid_ = false;
    // Not while the guard is held.
    snapshot_->ReportDisorder(disorder_);
    snapshot_->ReportIndex(index_error_);
    snapshot_->Report(cell_error_);
  }

  bool FindInColumn(bool exclusive) {
    const UntypedRows& rows = snapshot_->rows();
    const uint32_t column = columns()[column_];
    bool has_passed_last = false;
    for (const void* row = rows.LowerBound(last_.arcs()); row != nullptr;
         row = rows.Next(row)) {
      const absl::Status status = rows.EncodeIndex(row, &index_);
      if (!status.ok()) {
        index_error_.Update(status);
        continue;
      }
      const bool is_last = index_ == last_;
      // Also where a search finds a row before the one that is asked for. A
      // walk must not return to a name that it has passed.
      if (index_ < last_ || (is_last && has_passed_last)) {
        NoteDisorder();
        continue;
      }
      if (!is_last || !exclusive) {
        absl::StatusOr<std::optional<Value>> cell = rows.GetCell(row, column);
        if (cell.ok() && cell->has_value()) {
          suffix_ = {kEntry, column};
          suffix_.Append(index_);
          value_ = **std::move(cell);
          return true;
        }
        if (!cell.ok()) NoteCellError(column, cell.status());
      }
      last_ = index_;
      exclusive = true;
      has_passed_last = true;
    }
    return false;
  }

  void NoteDisorder() {
    if (!disorder_.ok()) return;
    disorder_ = absl::FailedPreconditionError(
        absl::StrCat("rows of a computed table are out of order: index ",
                     index_.ToString(), " after ", last_.ToString()));
  }

  void NoteCellError(uint32_t column, const absl::Status& error) {
    if (!cell_error_.ok()) return;
    cell_error_ = absl::Status(
        error.code(), absl::StrCat("column ", column, " of row ",
                                   index_.ToString(), ": ", error.message()));
  }

  const std::shared_ptr<const ComputedSnapshot> snapshot_;
  bool valid_ = false;
  size_t column_ = 0;  // position in columns()
  Oid suffix_;
  StoredValue value_;

  // Of a search: the index that it has reached, that of a row, and its errors.
  Oid last_;
  Oid index_;
  absl::Status disorder_;
  absl::Status index_error_;
  absl::Status cell_error_;
};

std::unique_ptr<Iterator> ComputedSnapshot::NewIterator() const {
  return std::make_unique<ComputedIterator>(shared_from_this());
}

absl::Status WriteError() {
  return absl::FailedPreconditionError(
      "a computed table is changed by its application only");
}

class ComputedStore : public OidStore {
 public:
  explicit ComputedStore(std::shared_ptr<const ComputedSnapshot> snapshot)
      : snapshot_(std::move(snapshot)) {}

  std::shared_ptr<const Snapshot> snapshot() const override {
    return snapshot_;
  }
  absl::Status Replace(Contents) override { return WriteError(); }
  absl::Status Apply(const Changes&) override { return WriteError(); }
  size_t ApproximateMemory() const override {
    return sizeof *this + sizeof *snapshot_ +
           snapshot_->columns().capacity() * sizeof(uint32_t);
  }

 private:
  const std::shared_ptr<const ComputedSnapshot> snapshot_;
};

}  // namespace

absl::Status UntypedRows::Read(absl::FunctionRef<void()> read) const {
  using internal::RequestGuard;
  std::unique_ptr<Guard> guard;  // of this call
  RequestGuard* const request = RequestGuard::Current();
  return internal::InvokeUserCallback([&] {
    if (request == nullptr) {
      guard = TakeGuard();
    } else if (!request->IsOf(this)) {
      request->Release();
      request->Hold(this, TakeGuard());
    }
    read();
    return absl::OkStatus();
  });
}

std::unique_ptr<OidStore> NewComputedStore(
    std::shared_ptr<const UntypedRows> rows, std::vector<uint32_t> columns,
    ErrorFunction report) {
  return std::make_unique<ComputedStore>(
      std::make_shared<const ComputedSnapshot>(
          std::move(rows), std::move(columns), std::move(report)));
}

}  // namespace passpersist::computed_internal
