#include "passpersist/agent/inspector.h"

#include <errno.h>
#include <unistd.h>

#include <typeinfo>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "passpersist/agent/subtree.h"
#include "passpersist/base/type_name.h"

namespace passpersist::internal {

Inspector::Inspector(const ManagedObjects* objects, const Updates* updates,
                     std::string codec, WaitRoom* wait_room,
                     Observers* observers)
    : objects_(*objects),
      updates_(*updates),
      codec_(std::move(codec)),
      wait_room_(*wait_room),
      observers_(*observers),
      started_(absl::Now()),
      begin_(wait_room->Now()),
      peer_(observers),
      guests_(nullptr) {}

Description Inspector::Describe() const {
  Description description;
  description.program = program_invocation_short_name;
  description.pid = getpid();
  description.started = started_;
  description.codec = codec_;
  for (const auto& subtree : objects_.subtrees()) {
    const PeriodicUpdate* const update = FindUpdate(subtree->root());
    description.subtrees.push_back(
        {subtree->root(), subtree->store_name(),
         update == nullptr ? absl::ZeroDuration() : update->period()});
  }
  description.setters = objects_.regions().writable;
  return description;
}

Statistics Inspector::GetStatistics() const {
  Statistics statistics;
  statistics.uptime = wait_room_.Now() - begin_;
  statistics.peer = peer_.counts();
  statistics.guests = guests_.counts();
  statistics.guests_now = guests_now_;
  statistics.guests_ever = guests_ever_;
  for (const auto& subtree : objects_.subtrees()) {
    Statistics::Subtree& of_subtree = statistics.subtrees.emplace_back();
    of_subtree.root = subtree->root();
    of_subtree.rows = subtree->snapshot()->size();
    of_subtree.memory = subtree->ApproximateMemory();
    const PeriodicUpdate* const update = FindUpdate(subtree->root());
    if (update != nullptr) update->FillStatistics(&of_subtree);
  }
  statistics.errors = errors_.errors();
  return statistics;
}

UpdateRun Inspector::RunUpdate(const Oid& root, absl::Duration limit,
                               const HasGone& has_gone) {
  PeriodicUpdate* const update = FindUpdate(root);
  if (update != nullptr) return update->RunNow(limit, has_gone);
  UpdateRun run;
  run.root = root;
  const Subtree* const subtree = objects_.Find(root);
  if (subtree == nullptr || subtree->root() != root) {
    run.status = absl::NotFoundError(
        absl::StrCat("no subtree has the root ", root.ToString()));
  } else {
    run.status = absl::FailedPreconditionError(
        absl::StrCat("subtree ", root.ToString(),
                     " has no update: its owner keeps it up to date"));
    run.rows = subtree->snapshot()->size();
  }
  return run;
}

std::optional<absl::Duration> Inspector::AgeOf(const Oid& root) const {
  const PeriodicUpdate* const update = FindUpdate(root);
  if (update == nullptr) return std::nullopt;
  return update->age();
}

std::unique_ptr<WatchQueue> Inspector::NewWatch() {
  return std::make_unique<WatchQueue>(&observers_, &wait_room_);
}

void Inspector::NoteError(const absl::Status& error) {
  const absl::Time now = absl::Now();
  errors_.Add(error, now);
  if (observers_.any()) observers_.Tell({now, error});
}

void Inspector::GuestCame() {
  ++guests_now_;
  ++guests_ever_;
}

void Inspector::GuestLeft() { --guests_now_; }

// There are few; nobody asks often.
PeriodicUpdate* Inspector::FindUpdate(const Oid& root) const {
  for (const auto& update : updates_) {
    if (update->subtree().root() == root) return update.get();
  }
  return nullptr;
}

}  // namespace passpersist::internal
