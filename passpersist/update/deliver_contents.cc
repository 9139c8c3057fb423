// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/deliver_contents.h"

#include <memory>

#include "passpersist/encoding/entry_buffer.h"
#include "passpersist/encoding/packed_contents.h"
#include "passpersist/update/merging_reader.h"
#include "passpersist/update/overlay.h"
#include "passpersist/update/sorted_run.h"

namespace passpersist::internal {

absl::Status DeliverContents(const Contents& contents, ContentsSink* sink) {
  const PackedContents& packed = *contents.packed_;
  if (!packed.status.ok()) return packed.status;
  const EntryBuffer* const only_run = packed.entries.OnlyRun();
  if (only_run != nullptr && packed.columns.empty() &&
      packed.overrides.empty()) {
    // One sorted run is everything: no merge is needed.
    EntryBuffer::Reader reader(only_run);
    while (reader.Next()) sink->OnEntry(reader.entry());
    return absl::OkStatus();
  }
  const Overlay overlay(packed.overrides);
  MergingReader reader(&overlay, sink);
  for (const EntryBuffer& run : packed.entries.runs()) {
    reader.AddRun(std::make_unique<BufferRun>(&run));
  }
  const EntryBuffer last_run = packed.entries.unsorted().Sorted();
  reader.AddRun(std::make_unique<BufferRun>(&last_run));
  for (const PackedContents::Column& column : packed.columns) {
    reader.AddColumn({column.prefix, column.rows, *column.indexes,
                      column.cells.cells(), column.cells.validity()});
  }
  return reader.Run(
      [&packed](absl::string_view key) { return packed.OnPutTwice(key); });
}

}  // namespace passpersist::internal
